import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';

/** One client per execution environment, so that connections are reused between invocations. */
export const elasticLoadBalancing = new ElasticLoadBalancingV2Client({});
