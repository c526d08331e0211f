import { WAFV2Client } from '@aws-sdk/client-wafv2';

/** One client per execution environment, so that connections are reused between invocations. */
export const waf = new WAFV2Client({});
