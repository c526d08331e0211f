import { SSMClient } from '@aws-sdk/client-ssm';

/** One client an execution environment, so that connections are reused between invocations. */
export const ssm = new SSMClient({});

/** For a call that must not be made twice: a try whose answer is lost is looked at by the next step, not repeated by the SDK. */
export const ssmOnce = new SSMClient({ maxAttempts: 1 });
