import { SNSClient } from '@aws-sdk/client-sns';

/** One client per execution environment, so that connections are reused between invocations. */
export const sns = new SNSClient({});
