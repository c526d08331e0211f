import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { placed } from '../../place/placed';

/** One client per execution environment, so that connections are reused between invocations. */
export const elasticLoadBalancing = placed(new ElasticLoadBalancingV2Client({}));
