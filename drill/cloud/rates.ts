import { serviceError } from './errors';
import type { ServiceName } from './service';

/** A token bucket: how many requests may come at once, and how many come back each second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Request rates an account has in each action. Source: EC2 API throttling; CloudWatch service quotas. */
const ACTIONS: Readonly<Record<string, Rate>> = {
  'ec2:StartInstances': { burst: 5, perSecond: 2 },
  'ec2:StopInstances': { burst: 50, perSecond: 5 },
  'ec2:ModifyNetworkInterfaceAttribute': { burst: 100, perSecond: 5 },
  'ec2:CreateSnapshots': { burst: 100, perSecond: 5 },
  'cloudwatch:DescribeAlarms': { burst: 9, perSecond: 9 },
  'cloudwatch:GetMetricData': { burst: 500, perSecond: 500 },
  'cloudwatch:SetAlarmState': { burst: 3, perSecond: 3 },
  'cloudwatch:PutMetricAlarm': { burst: 3, perSecond: 3 },
  'cloudwatch:DeleteAlarms': { burst: 3, perSecond: 3 },
};
const EC2_READ: Rate = { burst: 100, perSecond: 20 };
const EC2_UNFILTERED_READ: Rate = { burst: 50, perSecond: 10 };
const EC2_CHANGE: Rate = { burst: 50, perSecond: 5 };

const NARROWING = /^(Filters|MaxResults|InstanceIds?|VolumeIds|PublicIps|AllocationIds|SpotInstanceRequestIds)$/;

/** The rate that applies to a request, and the bucket it draws from; none where AWS publishes no rate. */
export function rateOf(service: ServiceName, command: string, input: object): { bucket: string; rate: Rate } | null {
  const bucket = `${service}:${command}`;
  const own = ACTIONS[bucket];
  if (own) return { bucket, rate: own };
  if (service !== 'ec2') return null;
  if (!command.startsWith('Describe')) return { bucket, rate: EC2_CHANGE };
  const filtered = Object.entries(input).some(([key, value]) => NARROWING.test(key) && value !== undefined);
  return filtered ? { bucket, rate: EC2_READ } : { bucket: `${bucket}:unfiltered`, rate: EC2_UNFILTERED_READ };
}

/** The token buckets of one account in one region. */
export class RequestRates {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  /** Takes one token for a request. @returns the refusal AWS would send when none is left. */
  refuse(service: ServiceName, command: string, input: object): Error | null {
    const found = rateOf(service, command, input);
    if (!found) return null;
    const { burst, perSecond } = found.rate;
    const now = Date.now();
    const bucket = this.buckets.get(found.bucket) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    const granted = tokens >= 1;
    this.buckets.set(found.bucket, { tokens: granted ? tokens - 1 : tokens, at: now });
    return granted ? null : throttlingError(service);
  }
}

/** The exception with which a service refuses a request that comes too fast. */
export function throttlingError(service: ServiceName): Error {
  if (service === 'ec2') return serviceError('ec2', 'RequestLimitExceeded', 'Request limit exceeded.', 503);
  if (service === 'dynamodb')
    return serviceError('dynamodb', 'ThrottlingException', 'Rate of requests exceeds the allowed throughput.');
  return serviceError(service, 'Throttling', 'Rate exceeded');
}
