import { instanceSeries } from './instance-metrics';
import type { Datapoint, MetricName, Point, Series, Window, World } from './metric';
import { statistic } from './statistic';

/** All metrics of the account. */
export class Metrics {
  private readonly own = new Map<string, Series>();
  private readonly names = new Map<string, MetricName>();
  /** The keys of metrics that are read again and again, as each alarm's is each minute. */
  private readonly keys = new WeakMap<MetricName, string>();
  /** How often a metric was defined: what was read before is read anew. */
  revision = 0;
  /** When true, nothing is reported any more for an instance that has been stopped during the drill. */
  silentAfterStop = false;

  constructor(private readonly world: World) {}

  /** Defines a metric by a function of time, or by points that were recorded. It takes the place of a built-in one. */
  define(metric: MetricName, source: Series | readonly Point[]): void {
    this.own.set(keyOf(metric), isPoints(source) ? recorded(source) : source);
    this.names.set(keyOf(metric), metric);
    this.revision += 1;
  }

  /** All metrics defined by hand. */
  defined(): readonly MetricName[] {
    return [...this.names.values()];
  }

  /** Whether a metric that is defined by hand has a value in a stretch of time (epoch ms), looked at every five minutes. */
  hasValue(metric: MetricName, from: number, to: number): boolean {
    const series = this.own.get(keyOf(metric));
    for (let at = Math.ceil(from / 300_000) * 300_000; series && at <= to; at += 300_000)
      if (series.value(at, this.world) !== null) return true;
    return false;
  }

  /** Aggregates a metric by period. Only samples that were complete by now count. */
  read(metric: MetricName, { from, to, periodSeconds, stat }: Window): Datapoint[] {
    const series = this.own.get(this.keyOf(metric)) ?? instanceSeries(metric, this.world);
    if (!series) return [];
    const period = periodSeconds * 1000;
    const resolution = Math.min((series.resolutionSeconds ?? 60) * 1000, 300_000);
    const datapoints: Datapoint[] = [];
    const now = Date.now();
    const silentFrom = this.silentFrom(metric);
    // One list for all periods: a drill over a month reads a hundred million samples.
    const samples: number[] = [];
    for (let at = Math.floor(from / period) * period; at < to; at += period) {
      samples.length = 0;
      for (
        let t = Math.ceil(at / resolution) * resolution;
        t < at + period && t + Math.min(resolution, period) <= now;
        t += resolution
      ) {
        const sample = t >= silentFrom ? null : series.value(t, this.world);
        if (sample !== null) samples.push(sample);
      }
      const value = statistic(stat, samples);
      if (value !== null) datapoints.push({ at, value, sampleCount: samples.length });
    }
    return datapoints;
  }

  private keyOf(metric: MetricName): string {
    const kept = this.keys.get(metric);
    if (kept !== undefined) return kept;
    const key = keyOf(metric);
    this.keys.set(metric, key);
    return key;
  }

  /** From when on nothing is reported any more (epoch ms). */
  private silentFrom(metric: MetricName): number {
    if (!this.silentAfterStop) return Number.POSITIVE_INFINITY;
    const instance = this.world.ec2.find(metric.dimensions.InstanceId ?? '');
    return instance?.history.find(({ state }) => state === 'stopping')?.at ?? Number.POSITIVE_INFINITY;
  }
}

function keyOf({ namespace, metricName, dimensions }: MetricName): string {
  return JSON.stringify([namespace, metricName, Object.entries(dimensions).sort()]);
}

function isPoints(source: Series | readonly Point[]): source is readonly Point[] {
  return Array.isArray(source);
}

/** A recorded series: each point counts for the minute it falls into; the last of a minute wins. */
function recorded(points: readonly Point[]): Series {
  const byMinute = new Map(points.map(({ timestamp, value }) => [Math.floor(timestamp.getTime() / 60_000), value]));
  return { value: (at) => byMinute.get(at / 60_000) ?? null };
}
