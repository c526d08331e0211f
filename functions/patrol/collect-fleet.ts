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

/** Batches of one account at once, which share its quota of datapoints. */
export const mostOfAccount = 4;

/** What a patrol reads of each metric: so many days, a point for so many seconds. */
export const patrolDays = 14;
export const patrolPeriodSeconds = 300;

/**
 * The time between two requests of a batch, in milliseconds, and the share of the quota that a request may ask for: datapoints
 * older than three hours are limited to 396,000 per second for an account and region, by the time range and the period that
 * are asked for (CloudWatch service quotas). An account's batches at once stay below it even where their requests meet in one second.
 */
export const pageEveryMs = 1_200;
export const pointsARequest = Math.min(pointsACall, 396_000 / mostOfAccount);

/** As many metrics as a request may ask for; then it is answered in one page, and no metric is asked for twice. */
export const metricsARequest = (from: Date, until: Date, periodSeconds: number): number => {
  const points = Math.ceil((until.getTime() - from.getTime()) / (periodSeconds * 1000));
  return Math.min(queriesACall, Math.max(1, Math.floor(pointsARequest / points)));
};

/**
 * Reads the metrics of several instances, at a pace that an account's quota of datapoints allows.
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
  const most = metricsARequest(from, until, periodSeconds);
  for (let at = 0; at < wanted.length; at += most) {
    const queries = wanted.slice(at, at + most).map((one, index) => queryFor(one, at + index, periodSeconds));
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
    // After the last one as well: the next batch of the account begins at once.
    await pause(pageEveryMs);
  } while (NextToken);
}
