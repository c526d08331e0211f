import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { type MetricName, metricKinds, metricNames } from './metrics';

/** The data points of a metric from CloudWatch: any order, gaps possible. */
export interface RawSeries {
  metric: string;
  times: number[];
  values: number[];
}

export interface CollectRequest {
  instanceId: string;
  /** The end of the window, out. */
  until: Date;
  /** How far back, in days. */
  days: number;
  /** Seconds a data point; basic monitoring writes one every 300. */
  periodSeconds: number;
  metrics?: readonly MetricName[];
}

/** The most queries one GetMetricData call takes. Source: CloudWatch API reference, GetMetricData. */
const QUERIES_A_CALL = 500;

/** The most data points one answer carries. Source: the same page. */
const POINTS_A_CALL = 100_800;

/**
 * Reads an instance's metrics: queries in batches, answers page by page until there is no NextToken.
 * A metric without data points comes back empty, never left out.
 * @throws whatever the SDK client throws; nothing is retried here beyond what the client does
 */
export async function collect(client: Pick<CloudWatchClient, 'send'>, request: CollectRequest): Promise<RawSeries[]> {
  const metrics = request.metrics ?? metricNames;
  const found = new Map<string, RawSeries>(metrics.map((metric) => [metric, { metric, times: [], values: [] }]));
  const queries = metrics.map((metric, index) => queryFor(metric, index, request));
  for (let at = 0; at < queries.length; at += QUERIES_A_CALL) {
    for await (const result of pages(client, queries.slice(at, at + QUERIES_A_CALL), request)) {
      const series = found.get(metrics[Number(result.Id?.slice(1))] ?? '');
      result.Timestamps?.forEach((time, index) => {
        series?.times.push(time.getTime());
        series?.values.push(result.Values?.[index] ?? Number.NaN);
      });
    }
  }
  return [...found.values()];
}

function queryFor(metric: MetricName, index: number, { instanceId, periodSeconds }: CollectRequest): MetricDataQuery {
  const Dimensions = [{ Name: 'InstanceId', Value: instanceId }];
  const Metric = { Namespace: 'AWS/EC2', MetricName: metric, Dimensions };
  return { Id: `m${index}`, MetricStat: { Metric, Period: periodSeconds, Stat: metricKinds[metric].statistic } };
}

async function* pages(
  client: Pick<CloudWatchClient, 'send'>,
  queries: MetricDataQuery[],
  request: CollectRequest,
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
