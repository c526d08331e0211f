import type { Metrics } from '../cloudwatch/series';
import type { LogEvent, LogGroup, MetricFilter } from './group';

interface Counted {
  filter: MetricFilter;
  events: readonly LogEvent[];
  /** Values of lines that are there, by minute; a line is looked at once. */
  minutes: Map<number, { lines: LogEvent[]; values: { value: number; visibleAt: number }[] }>;
  seen: number;
}

const minute = 60_000;

/** What metric filters and CloudWatch Logs itself report of log groups, as metrics. */
export class FilterMetrics {
  private readonly byMetric = new Map<string, Counted[]>();

  constructor(private readonly metrics: Pick<Metrics, 'define'>) {}

  /**
   * Counts the lines of a group that a filter matches, each in the minute of its own time: CloudWatch Logs does not say
   * which time counts, and this one is the harder for alarms, since it lets lines come late. Not those that were there
   * before the filter. In a minute with lines of which none matches, the default value is reported.
   * Source: CloudWatch Logs user guide, "Creating metrics from log events using filters".
   */
  count({ events }: LogGroup, filter: MetricFilter): void {
    const { metricNamespace, metricName } = filter.transformation;
    const key = JSON.stringify([metricNamespace, metricName]);
    const known = (this.byMetric.get(key) ?? []).filter(
      (one) => one.filter.name !== filter.name || one.events !== events,
    );
    const all = [...known, { filter, events, minutes: new Map(), seen: 0 }];
    this.byMetric.set(key, all);
    this.metrics.define(
      { namespace: metricNamespace ?? '', metricName: metricName ?? '', dimensions: {} },
      { value: (at) => sumOf(all.flatMap((one) => valuesOf(one, at))) },
    );
  }

  /** Source: CloudWatch Logs user guide, "CloudWatch Logs metrics": IncomingLogEvents, by LogGroupName; nothing without lines. */
  countIncoming({ name, events }: LogGroup): void {
    this.metrics.define(
      { namespace: 'AWS/Logs', metricName: 'IncomingLogEvents', dimensions: { LogGroupName: name } },
      {
        value(at) {
          const now = Date.now();
          const came = events.filter(({ visibleAt }) => visibleAt >= at && visibleAt < at + minute && visibleAt <= now);
          return came.length === 0 ? null : came.length;
        },
      },
    );
  }
}

/** The values of one filter in one minute, as known now. */
function valuesOf(counted: Counted, at: number): number[] {
  const { filter, events, minutes } = counted;
  for (; counted.seen < events.length; counted.seen += 1) {
    const event = events[counted.seen]!;
    if (event.visibleAt < filter.createdAt) continue;
    const start = Math.floor(event.at / minute) * minute;
    const one = minutes.get(start) ?? { lines: [], values: [] };
    minutes.set(start, one);
    one.lines.push(event);
    const value = countedBy(filter, event.message);
    if (value !== undefined) one.values.push({ value, visibleAt: event.visibleAt });
  }
  const now = Date.now();
  const found = minutes.get(at);
  const values = (found?.values ?? []).filter(({ visibleAt }) => visibleAt <= now).map(({ value }) => value);
  if (values.length > 0) return values;
  const { defaultValue } = filter.transformation;
  const hasLines = found?.lines.some(({ visibleAt }) => visibleAt <= now) ?? false;
  return hasLines && defaultValue !== undefined ? [defaultValue] : [];
}

function countedBy({ parsed, transformation }: MetricFilter, message: string): number | undefined {
  const found = parsed.match(message);
  const { metricValue = '' } = transformation;
  if (!found) return undefined;
  const value = Number(metricValue.startsWith('$') ? (found[metricValue] ?? Number.NaN) : metricValue);
  return Number.isNaN(value) ? undefined : value;
}

const sumOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
