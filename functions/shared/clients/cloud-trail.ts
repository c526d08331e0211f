import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { placed } from '../../place/placed';
import { quick } from './quick';

/** One client per execution environment, so that connections are reused between invocations. */
export const cloudTrail = placed(new CloudTrailClient(quick));

/** For changes of roles and profiles, which the event history of us-east-1 alone has. */
export const cloudTrailOfIdentity = placed(new CloudTrailClient({ ...quick, region: 'us-east-1' }));
