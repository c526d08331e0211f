import { EventBridgeClient } from '@aws-sdk/client-eventbridge';

/** One client per execution environment, so that connections are reused between invocations. */
export const eventBridge = new EventBridgeClient({});
