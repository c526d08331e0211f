import { SSMClient } from '@aws-sdk/client-ssm';

/** One client per execution environment, so that connections are reused between invocations. */
export const ssm = new SSMClient({});

/** For a call that must not be made twice: if a response is lost, the next step checks; the SDK does not retry. */
export const ssmOnce = new SSMClient({ maxAttempts: 1 });
