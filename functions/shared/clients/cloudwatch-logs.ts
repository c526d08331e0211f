import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { placed } from '../../place/placed';

/** One client per execution environment, so that connections are reused between invocations. */
export const cloudWatchLogs = placed(new CloudWatchLogsClient({}));
