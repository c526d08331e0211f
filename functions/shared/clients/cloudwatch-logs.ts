import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';

/** One client per execution environment, so that connections are reused between invocations. */
export const cloudWatchLogs = new CloudWatchLogsClient({});
