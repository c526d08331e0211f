import { IAMClient } from '@aws-sdk/client-iam';
import { placed } from '../../place/placed';

/** One client per execution environment, so that connections are reused between invocations. */
export const iam = placed(new IAMClient({}));
