import { IAMClient } from '@aws-sdk/client-iam';

/** One client per execution environment, so that connections are reused between invocations. */
export const iam = new IAMClient({});
