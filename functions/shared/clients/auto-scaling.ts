import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { placed } from '../../place/placed';

/** One client per execution environment, so that connections are reused between invocations. */
export const autoScaling = placed(new AutoScalingClient({}));

/** For moves that AWS rejects the second time: if a response is lost, the next step checks; the SDK does not retry. */
export const autoScalingOnce = placed(new AutoScalingClient({ maxAttempts: 1 }));
