import { SSMClient } from '@aws-sdk/client-ssm';

/** One client an execution environment, so that connections are reused between invocations. */
export const ssm = new SSMClient({});
