import { GuardDutyClient } from '@aws-sdk/client-guardduty';
import { placed } from '../../place/placed';

/** One client per execution environment, so that connections are reused between invocations. */
export const guardDuty = placed(new GuardDutyClient({}));
