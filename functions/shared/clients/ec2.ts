import { EC2Client } from '@aws-sdk/client-ec2';

/** One client an execution environment, so that connections are reused between invocations. */
export const ec2 = new EC2Client({});

/** For calls that must not be made twice: a try whose answer is lost is looked at by the next step, not repeated by the SDK. */
export const ec2Once = new EC2Client({ maxAttempts: 1 });
