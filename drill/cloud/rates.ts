import { statusOf, throttlingNameOf } from './behaviour/status';
import { serviceError } from './errors';
import type { ServiceName } from './service';

/** A token bucket: how many requests may come at once, and how many come back each second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** What a request takes from one bucket. */
interface Draw {
  bucket: string;
  rate: Rate;
  tokens: number;
}

const even = (perSecond: number): Rate => ({ burst: perSecond, perSecond });

/** All calls of an account and region together, counted on the caller. Source: IAM user guide, "IAM and AWS STS quotas", "STS request quotas". */
const STS_CALLS = even(600);

/** Request rates an account has in each action. Source: EC2 API reference, "Request throttling"; quotas of CloudWatch, CloudWatch Logs, WAF, KMS; LookupEvents. */
const ACTIONS: Readonly<Record<string, Rate>> = {
  'ec2:StartInstances': { burst: 5, perSecond: 2 },
  'ec2:StopInstances': { burst: 50, perSecond: 5 },
  'ec2:ModifyNetworkInterfaceAttribute': { burst: 100, perSecond: 5 },
  'ec2:CreateSnapshots': { burst: 100, perSecond: 5 },
  'ec2:CreateTags': { burst: 100, perSecond: 10 },
  'ec2:DeleteTags': { burst: 100, perSecond: 10 },
  'cloudtrail:LookupEvents': even(2),
  'cloudwatch:DescribeAlarms': even(9),
  'cloudwatch:GetMetricData': even(500),
  'cloudwatch:ListMetrics': even(25),
  'cloudwatch:SetAlarmState': even(3),
  'cloudwatch:PutMetricAlarm': even(3),
  'cloudwatch:DeleteAlarms': even(3),
  'wafv2:GetIPSet': even(5),
  'wafv2:UpdateIPSet': even(1),
  'kms:DescribeKey': even(2_000),
  'logs:DescribeLogGroups': even(10),
  'logs:DescribeMetricFilters': even(5),
  'logs:FilterLogEvents': even(5),
  'logs:TestMetricFilter': even(5),
};
const EC2_READ: Rate = { burst: 100, perSecond: 20 };
const EC2_UNFILTERED_READ: Rate = { burst: 50, perSecond: 10 };
const EC2_CHANGE: Rate = { burst: 50, perSecond: 5 };

/** Only these have a lower rate where nothing narrows them. Source: "Request throttling", unfiltered and unpaginated calls. */
const SLOW_UNFILTERED =
  /^Describe(Instances|InstanceStatus|NetworkInterfaces|SecurityGroups|Snapshots|SpotInstanceRequests|Volumes)$/;
const NARROWING = /^(Filters|MaxResults|\w+Ids?|PublicIps|OwnerIds|NextToken)$/;

/** Instances that may be started and stopped, whatever the number of requests. Source: the same, "resource rate limiting". */
const INSTANCES: Readonly<Record<string, Rate>> = {
  StartInstances: { burst: 1000, perSecond: 2 },
  StopInstances: { burst: 1000, perSecond: 20 },
};

/** Datapoints a second, of the last three hours and of older times. Source: "CloudWatch service quotas", GetMetricData. */
const RECENT_POINTS = even(180_000);
const OLDER_POINTS = even(396_000);
const RECENT_MS = 3 * 3_600_000;

/** The rate that applies to a request, and the bucket it draws from; none where AWS publishes no rate. */
export function rateOf(service: ServiceName, command: string, input: object): { bucket: string; rate: Rate } | null {
  const bucket = `${service}:${command}`;
  const own = ACTIONS[bucket];
  if (own) return { bucket, rate: own };
  if (service === 'sts') return { bucket: 'sts', rate: STS_CALLS };
  if (service !== 'ec2') return null;
  if (!/^(Describe|Get)/.test(command)) return { bucket, rate: EC2_CHANGE };
  const filtered = Object.entries(input).some(([key, value]) => NARROWING.test(key) && value !== undefined);
  return filtered || !SLOW_UNFILTERED.test(command)
    ? { bucket, rate: EC2_READ }
    : { bucket: `${bucket}:unfiltered`, rate: EC2_UNFILTERED_READ };
}

/** All buckets that a request draws from. */
function drawsOf(service: ServiceName, command: string, input: object): Draw[] {
  const found = rateOf(service, command, input);
  const draws: Draw[] = found ? [{ ...found, tokens: 1 }] : [];
  const instances = service === 'ec2' ? INSTANCES[command] : undefined;
  const { InstanceIds = [] } = input as { InstanceIds?: string[] };
  if (instances) draws.push({ bucket: `${command}:instances`, rate: instances, tokens: InstanceIds.length });
  if (service === 'cloudwatch' && command === 'GetMetricData') draws.push(pointsOf(input as MetricDataInput));
  return draws;
}

interface MetricDataInput {
  StartTime?: Date;
  EndTime?: Date;
  MetricDataQueries?: { MetricStat?: { Period?: number | undefined } | undefined }[];
}

function pointsOf({ StartTime, EndTime, MetricDataQueries = [] }: MetricDataInput): Draw {
  const [from, to] = [StartTime?.getTime() ?? 0, EndTime?.getTime() ?? 0];
  const isRecent = Date.now() - from <= RECENT_MS;
  const rate = isRecent ? RECENT_POINTS : OLDER_POINTS;
  const points = MetricDataQueries.reduce(
    (sum, { MetricStat }) => sum + (MetricStat?.Period ? (to - from) / (MetricStat.Period * 1000) : 0),
    0,
  );
  // One request is never more than the bucket holds: it would never be answered.
  return { bucket: `points:${isRecent}`, rate, tokens: Math.min(rate.burst, Math.max(0, points)) };
}

/** The token buckets of one account in one region. */
export class RequestRates {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  /** Takes the tokens of a request. @returns the refusal AWS would send when too few are left */
  refuse(service: ServiceName, command: string, input: object): Error | null {
    const granted = drawsOf(service, command, input).map((draw) => this.take(draw));
    return granted.every(Boolean) ? null : throttlingError(service);
  }

  private take({ bucket: name, rate: { burst, perSecond }, tokens: asked }: Draw): boolean {
    const now = Date.now();
    const bucket = this.buckets.get(name) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    const granted = tokens >= asked;
    this.buckets.set(name, { tokens: granted ? tokens - asked : tokens, at: now });
    return granted;
  }
}

/** The exception with which a service refuses a request that comes too fast. */
export function throttlingError(service: ServiceName): Error {
  const name = throttlingNameOf(service);
  return serviceError(
    service,
    name,
    service === 'ec2' ? 'Request limit exceeded.' : 'Rate exceeded',
    statusOf(service, name),
  );
}
