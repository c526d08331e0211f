import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';

/** One client per execution environment, so that connections are reused between invocations. */
export const cloudWatch = new CloudWatchClient({});
