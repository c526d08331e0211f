import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { type EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import type { SeriesSource } from '../../drill/backtest/model';
import { collect } from '../../functions/anomaly/collect';
import { type MetricName, namesJudgedBy } from '../../functions/anomaly/metrics';
import { taggedFilter } from '../../functions/guard/tags';
import { BacktestError } from './settings';

export interface StageRequest {
  stage: string;
  days: number;
  /** The opt-in tag; its value is `true`. */
  optInTag: string;
  now: Date;
}

const periodSeconds = 300;

/**
 * The metrics of every opted-in instance, read from CloudWatch with the caller's own credentials: only DescribeInstances
 * and GetMetricData; nothing is changed.
 * @throws BacktestError when no instance is opted in; SDK errors unchanged
 */
export async function fromStage(
  { stage, days, optInTag, now }: StageRequest,
  clients: { ec2: EC2Client; cloudWatch: CloudWatchClient },
): Promise<SeriesSource> {
  const ids: string[] = [];
  const Filters = [taggedFilter(optInTag)];
  for await (const { Reservations } of paginateDescribeInstances({ client: clients.ec2 }, { Filters })) {
    for (const { Instances = [] } of Reservations ?? [])
      ids.push(...Instances.flatMap(({ InstanceId }) => InstanceId ?? []));
  }
  if (ids.length === 0)
    throw new BacktestError(`No instance has the tag ${optInTag}=true: there is nothing to replay.`);
  const until = new Date(Math.floor(now.getTime() / (periodSeconds * 1000)) * periodSeconds * 1000);
  const metrics: MetricName[] = [...namesJudgedBy('score'), ...namesJudgedBy('rule')];
  return {
    what: `${ids.length} opted-in instances, last ${days} days, alarms of stage ${stage}`,
    count: ids.length,
    async *read() {
      for (const instanceId of ids.sort()) {
        const series = await collect(clients.cloudWatch, { instanceId, until, days, periodSeconds, metrics });
        yield { name: instanceId, series: series.filter(({ times }) => times.length > 0), remarks: [] };
      }
    },
  };
}
