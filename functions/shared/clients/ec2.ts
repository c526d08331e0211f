import { EC2Client } from '@aws-sdk/client-ec2';
import { placed } from '../../place/placed';
import { asksAgain } from '../ask-again';

/** One client per execution environment, so that connections are reused between invocations. */
export const ec2 = placed(asksAgain(new EC2Client({})));

/** For calls that must not be made twice: if a response is lost, the next step checks; the SDK does not retry. */
export const ec2Once = placed(asksAgain(new EC2Client({ maxAttempts: 1 })));
