import { KMSClient } from '@aws-sdk/client-kms';
import { placed } from '../../place/placed';

/** One client per execution environment, so that connections are reused between invocations. */
export const kms = placed(new KMSClient({}));
