import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type Metric,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { type MetricKind, type MetricName, metricKinds, metricNames } from './metrics';

/** The data points of a metric from CloudWatch: any order, gaps possible. */
export interface RawSeries {
  metric: string;
  times: number[];
  values: number[];
}

interface Stretch {
  /** The end of the window, out. */
  until: Date;
  /** How far back, in days. */
  days: number;
  /** Seconds a data point; basic monitoring writes one every 300. */
  periodSeconds: number;
}

export interface CollectRequest extends Stretch {
  instanceId: string;
  metrics?: readonly MetricName[];
}

/** One metric by its exact dimensions. */
export interface MetricSet {
  /** What its series is called. */
  label: string;
  statistic: MetricKind['statistic'];
  metric: Metric;
}

/** The most queries one GetMetricData call takes. Source: CloudWatch API reference, GetMetricData. */
const QUERIES_A_CALL = 500;

/** The most data points one answer carries. Source: the same page. */
const POINTS_A_CALL = 100_800;

/**
 * Reads an instance's metrics of EC2: queries in batches, answers page by page until there is no NextToken.
 * A metric without data points comes back empty, never left out.
 * @throws whatever the SDK client throws; nothing is retried here beyond what the client does
 */
export async function collect(client: Pick<CloudWatchClient, 'send'>, request: CollectRequest): Promise<RawSeries[]> {
  const Dimensions = [{ Name: 'InstanceId', Value: request.instanceId }];
  const sets = (request.metrics ?? metricNames).map((MetricName): MetricSet => {
    const { statistic } = metricKinds[MetricName];
    return { label: MetricName, statistic, metric: { Namespace: 'AWS/EC2', MetricName, Dimensions } };
  });
  return collectSets(client, sets, request);
}

/** Reads metrics by their exact dimensions, as `collect` does. */
export async function collectSets(
  client: Pick<CloudWatchClient, 'send'>,
  sets: readonly MetricSet[],
  request: Stretch,
): Promise<RawSeries[]> {
  const found = new Map<string, RawSeries>(sets.map(({ label }) => [label, { metric: label, times: [], values: [] }]));
  const queries = sets.map(({ metric, statistic }, index): MetricDataQuery => {
    return { Id: `m${index}`, MetricStat: { Metric: metric, Period: request.periodSeconds, Stat: statistic } };
  });
  for (let at = 0; at < queries.length; at += QUERIES_A_CALL) {
    for await (const result of pages(client, queries.slice(at, at + QUERIES_A_CALL), request)) {
      const series = found.get(sets[Number(result.Id?.slice(1))]?.label ?? '');
      result.Timestamps?.forEach((time, index) => {
        series?.times.push(time.getTime());
        series?.values.push(result.Values?.[index] ?? Number.NaN);
      });
    }
  }
  return [...found.values()];
}

async function* pages(
  client: Pick<CloudWatchClient, 'send'>,
  queries: MetricDataQuery[],
  request: Stretch,
): AsyncGenerator<MetricDataResult> {
  const StartTime = new Date(request.until.getTime() - request.days * 86_400_000);
  let NextToken: string | undefined;
  do {
    const answer = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime,
        EndTime: request.until,
        ScanBy: 'TimestampAscending',
        MaxDatapoints: POINTS_A_CALL,
        ...(NextToken ? { NextToken } : {}),
      }),
    );
    yield* answer.MetricDataResults ?? [];
    NextToken = answer.NextToken;
  } while (NextToken);
}
