import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';

/** One client an execution environment, so that connections are reused between invocations. */
export const autoScaling = new AutoScalingClient({});
