import { IAMClient } from '@aws-sdk/client-iam';
import { placed } from '../../place/placed';
import { quick } from './quick';

/** For the role of an instance profile, which is only told to people; one client per execution environment. */
export const profiles = placed(new IAMClient(quick));
