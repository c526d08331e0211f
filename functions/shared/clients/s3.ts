import { S3Client } from '@aws-sdk/client-s3';

/** A verdict waits for no bucket: an answer that takes longer is an error. */
const requestHandler = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true };

/** One client per execution environment, so that connections are reused between invocations. */
export const s3 = new S3Client({ requestHandler });
