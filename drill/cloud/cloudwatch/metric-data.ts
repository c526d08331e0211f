import type {
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  MetricDataQuery,
  MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { serviceError, UnmodelledInputError } from '../errors';
import { type CommandModel, reads } from '../service';
import type { Datapoint } from './metric';
import type { Metrics } from './series';

/** Not the virtual one that a drill puts in its place: that one is slow, and a patrol reads it by the hundred thousand. */
const PlatformDate = Date;

const MAX_QUERIES = 500;
const MAX_DATAPOINTS = 100_800;
const DAY_MS = 86_400_000;
/** How long datapoints of a period are kept, in ms. Source: CloudWatch user guide, "Metrics retention". */
const retentionMs = (periodSeconds: number) => {
  if (periodSeconds < 60) return 3 * 3_600_000;
  if (periodSeconds < 300) return 15 * DAY_MS;
  return periodSeconds < 3_600 ? 63 * DAY_MS : 455 * DAY_MS;
};

type Results = readonly { query: MetricDataQuery; datapoints: Datapoint[] }[];

/** GetMetricData, for queries by MetricStat. Source: CloudWatch API reference. */
export function metricData(metrics: Metrics): Record<string, CommandModel> {
  const pages = new PagedReads(metrics);
  return {
    GetMetricData: reads<GetMetricDataCommandInput, GetMetricDataCommandOutput>((input, call) => {
      const queries = input.MetricDataQueries ?? [];
      if (queries.length === 0 || queries.length > MAX_QUERIES) {
        throw serviceError(
          'cloudwatch',
          'ValidationError',
          `MetricDataQueries must have between 1 and ${MAX_QUERIES} members`,
        );
      }
      const results = pages.of(input, () =>
        queries
          .filter((query) => query.ReturnData !== false)
          .map((query) => ({ query, datapoints: read(metrics, query, input) })),
      );
      for (const { query } of results)
        call.touch(...(query.MetricStat?.Metric?.Dimensions ?? []).map(({ Value }) => Value ?? ''));
      return paged(results, input.MaxDatapoints ?? MAX_DATAPOINTS, input.NextToken);
    }),
  };
}

/** What requests that are still read page by page have asked for: each page was worked out from all the datapoints anew. */
class PagedReads {
  private readonly kept = new Map<string, { revision: number; results: Results }>();

  constructor(private readonly metrics: Metrics) {}

  /** The results of a request. Those of a page that follows are kept, if nothing can be different about them by then. */
  of(input: GetMetricDataCommandInput, work: () => Results): Results {
    const { NextToken, ...asked } = input;
    if (!isOver(input)) return work();
    const key = JSON.stringify(asked);
    const { revision } = this.metrics;
    const before = NextToken === undefined ? undefined : this.kept.get(key);
    const results = before?.revision === revision ? before.results : work();
    this.kept.delete(key);
    this.kept.set(key, { revision, results });
    if (this.kept.size > mostKept) this.kept.delete(this.kept.keys().next().value!);
    return results;
  }
}

/** As many as a patrol reads at once, and a few. */
const mostKept = 8;

/** Whether every sample has been reported (none is longer than five minutes), and none will be too old within the hour. */
function isOver({ StartTime, EndTime, MetricDataQueries = [] }: GetMetricDataCommandInput): boolean {
  const now = Date.now();
  const [start, end] = [StartTime?.getTime() ?? Number.NaN, EndTime?.getTime() ?? Number.NaN];
  const isKept = (seconds: number) => end % (seconds * 1000) === 0 && start - 3_600_000 > now - retentionMs(seconds);
  const periods = MetricDataQueries.map(({ MetricStat }) => MetricStat?.Period ?? 0);
  return end <= now && end % 300_000 === 0 && periods.every(isKept);
}

function read(metrics: Metrics, query: MetricDataQuery, input: GetMetricDataCommandInput): Datapoint[] {
  const stat = query.MetricStat;
  if (!stat)
    throw new UnmodelledInputError(`The simulated CloudWatch does not evaluate expressions (query '${query.Id}').`);
  const start = input.StartTime?.getTime() ?? Number.NaN;
  const end = input.EndTime?.getTime() ?? Number.NaN;
  if (!(start < end))
    throw serviceError(
      'cloudwatch',
      'ValidationError',
      'The parameter StartTime must be less than the parameter EndTime.',
    );
  const periodSeconds = stat.Period ?? 0;
  if (periodSeconds <= 0 || (periodSeconds % 60 !== 0 && ![1, 5, 10, 20, 30].includes(periodSeconds))) {
    throw serviceError(
      'cloudwatch',
      'ValidationError',
      'The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.',
    );
  }
  const from = Math.max(start, Date.now() - retentionMs(periodSeconds));
  const dimensions = Object.fromEntries(
    (stat.Metric?.Dimensions ?? []).map(({ Name, Value }) => [Name ?? '', Value ?? '']),
  );
  const metric = { namespace: stat.Metric?.Namespace ?? '', metricName: stat.Metric?.MetricName ?? '', dimensions };
  const datapoints = metrics.read(metric, { from, to: end, periodSeconds, stat: stat.Stat ?? 'Average' });
  return input.ScanBy === 'TimestampAscending' ? datapoints : datapoints.toReversed();
}

/** One page of results. The token says how many datapoints earlier pages held. */
function paged(
  results: Results,
  size: number,
  token: string | undefined,
): { MetricDataResults: MetricDataResult[]; NextToken?: string } {
  const from = Number(token ?? 0);
  if (!Number.isInteger(from) || from < 0) throw serviceError('cloudwatch', 'InvalidNextToken', 'Invalid nextToken');
  let position = 0;
  const MetricDataResults = results.flatMap(({ query, datapoints }) => {
    const begin = Math.max(0, from - position);
    const end = Math.max(0, Math.min(datapoints.length, from + size - position));
    const isOver = begin >= datapoints.length && position < from;
    position += datapoints.length;
    if (isOver) return [];
    const shown = datapoints.slice(begin, end);
    return {
      Id: query.Id,
      Label: query.Label ?? query.MetricStat?.Metric?.MetricName,
      Timestamps: shown.map(({ at }) => new PlatformDate(at)),
      Values: shown.map(({ value }) => value),
      StatusCode: end < datapoints.length ? ('PartialData' as const) : ('Complete' as const),
    };
  });
  return { MetricDataResults, ...(from + size < position && { NextToken: String(from + size) }) };
}
