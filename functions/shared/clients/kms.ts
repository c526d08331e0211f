import { KMSClient } from '@aws-sdk/client-kms';

/** One client per execution environment, so that connections are reused between invocations. */
export const kms = new KMSClient({});
