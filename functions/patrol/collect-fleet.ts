import { GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { RawSeries } from '../anomaly/collect';
import { type MetricName, metricKinds } from '../anomaly/metrics';
import { cloudWatch } from '../shared/clients/cloudwatch';
import { pause } from '../shared/clock';

/** The metrics that a patrol reads per instance: each costs a query, so fewer than a playbook scores. */
export const patrolMetrics: readonly MetricName[] = [
  'CPUUtilization',
  'NetworkIn',
  'NetworkOut',
  'EBSReadBytes',
  'EBSWriteBytes',
  'StatusCheckFailed',
];

/** The maximum number of queries and datapoints per call. Source: CloudWatch API reference, GetMetricData. */
export const queriesACall = 500;
export const pointsACall = 100_800;

/** What a patrol reads of each metric: so many days, a point for so many seconds. */
export const patrolDays = 14;
export const patrolPeriodSeconds = 300;

/**
 * Milliseconds between two pages. Datapoints older than three hours are limited to 396,000 per second for an account
 * and region (CloudWatch service quotas); the machine's four concurrent batches then read 336,000.
 */
export const pageEveryMs = 1_200;

/**
 * Reads the metrics of several instances, up to 500 metrics per call.
 * @returns by instance; a metric without datapoints is empty, never left out
 */
export async function collectFleet(
  instanceIds: readonly string[],
  from: Date,
  until: Date,
  periodSeconds: number,
): Promise<Map<string, RawSeries[]>> {
  const wanted = instanceIds.flatMap((instanceId) => patrolMetrics.map((metric) => ({ instanceId, metric })));
  const series = wanted.map(({ metric }): RawSeries => ({ metric, times: [], values: [] }));
  for (let at = 0; at < wanted.length; at += queriesACall) {
    const queries = wanted.slice(at, at + queriesACall).map((one, index) => queryFor(one, at + index, periodSeconds));
    await readInto(series, queries, from, until);
  }
  const found = new Map<string, RawSeries[]>(instanceIds.map((id) => [id, []]));
  wanted.forEach(({ instanceId }, index) => {
    found.get(instanceId)!.push(series[index]!);
  });
  return found;
}

function queryFor(
  { instanceId, metric }: { instanceId: string; metric: MetricName },
  index: number,
  periodSeconds: number,
): MetricDataQuery {
  const Metric = {
    Namespace: 'AWS/EC2',
    MetricName: metric,
    Dimensions: [{ Name: 'InstanceId', Value: instanceId }],
  };
  return { Id: `m${index}`, MetricStat: { Metric, Period: periodSeconds, Stat: metricKinds[metric].statistic } };
}

async function readInto(series: RawSeries[], MetricDataQueries: MetricDataQuery[], from: Date, until: Date) {
  let NextToken: string | undefined;
  do {
    const page = await cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries,
        StartTime: from,
        EndTime: until,
        ScanBy: 'TimestampAscending',
        MaxDatapoints: pointsACall,
        ...(NextToken ? { NextToken } : {}),
      }),
    );
    for (const { Id, Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
      const target = series[Number(Id?.slice(1))];
      Timestamps.forEach((time, index) => {
        target?.times.push(time.getTime());
        target?.values.push(Values[index] ?? Number.NaN);
      });
    }
    NextToken = page.NextToken;
    if (NextToken) await pause(pageEveryMs);
  } while (NextToken);
}
