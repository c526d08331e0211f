import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';

/** One client an execution environment, so that connections are reused between invocations. */
export const autoScaling = new AutoScalingClient({});

/** For moves that AWS refuses the second time: a try whose answer is lost is looked at by the next step, not repeated by the SDK. */
export const autoScalingOnce = new AutoScalingClient({ maxAttempts: 1 });
