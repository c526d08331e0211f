import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { placed } from '../../place/placed';

/** One client per execution environment, so that connections are reused between invocations. */
export const cloudWatch = placed(new CloudWatchClient({}));
