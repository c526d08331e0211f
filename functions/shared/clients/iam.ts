import { IAMClient } from '@aws-sdk/client-iam';

/** One client an execution environment, so that connections are reused between invocations. */
export const iam = new IAMClient({});
