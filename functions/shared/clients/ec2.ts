import { EC2Client } from '@aws-sdk/client-ec2';

/** One client an execution environment, so that connections are reused between invocations. */
export const ec2 = new EC2Client({});
