import { WAFV2Client } from '@aws-sdk/client-wafv2';
import { placed } from '../../place/placed';

/** One client per execution environment, so that connections are reused between invocations. */
export const waf = placed(new WAFV2Client({}));
