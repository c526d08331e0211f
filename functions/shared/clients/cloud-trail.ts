import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';

/** What changed is a help, never a condition: a slow answer is given up, and nothing is tried again. */
const quick = { maxAttempts: 1, requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000 } };

/** One client per execution environment, so that connections are reused between invocations. */
export const cloudTrail = new CloudTrailClient(quick);
