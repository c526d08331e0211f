import { SFNClient } from '@aws-sdk/client-sfn';

/** One client per execution environment, so that connections are reused between invocations. */
export const stepFunctions = new SFNClient({});
