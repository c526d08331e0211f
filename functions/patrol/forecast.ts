import { formatValue } from '../anomaly/metrics';
import { quantile } from '../anomaly/quantile';

/** A trend that will cross a threshold. */
export interface Forecast {
  /** Milliseconds since 1970. */
  crossesAt: number;
  slopePerHour: number;
  sentence: string;
}

export interface ForecastInput {
  metric: string;
  times: Float64Array;
  values: Float64Array;
  threshold: number;
  horizonHours: number;
}

const HOUR_MS = 3_600_000;
const windowHours = 6;
const bucketMs = HOUR_MS / 2;
const leastBuckets = 8;

/** Of all pairs of points, so many more have to rise than fall: 1 is a straight climb. */
const leastAgreement = 0.7;

/** The climb has to be so many times the usual distance of a point from the line. */
const leastClimb = 4;

/**
 * Draws the trend of the last six hours on: the median slope of all pairs of half-hour medians (Theil–Sen), which a
 * spike cannot bend. Says something only when nearly all pairs agree (Kendall's tau), the climb stands out of the
 * noise around it, the threshold is not reached yet, and is crossed within the horizon.
 */
export function forecast({ metric, times, values, threshold, horizonHours }: ForecastInput): Forecast | undefined {
  const buckets = halfHours(times, values);
  const last = buckets.at(-1);
  if (buckets.length < leastBuckets || !last || last.value >= threshold) return undefined;
  const { slope, agreement } = trendOf(buckets);
  if (slope <= 0 || agreement < leastAgreement) return undefined;
  const level = median(buckets.map(({ at, value }) => value - slope * at));
  const noise = median(buckets.map(({ at, value }) => Math.abs(value - level - slope * at)));
  const climb = slope * (last.at - buckets[0]!.at);
  if (climb < leastClimb * noise) return undefined;
  const crossesAt = (threshold - level) / slope;
  const now = times.at(-1)!;
  if (crossesAt > now + horizonHours * HOUR_MS) return undefined;
  const slopePerHour = slope * HOUR_MS;
  const sentence =
    `${metric} has risen by ${formatValue(slopePerHour, metric)} an hour to ${formatValue(last.value, metric)}; ` +
    `at this rate it reaches ${formatValue(threshold, metric)} at about ${hourOf(Math.max(crossesAt, now))} UTC`;
  return { crossesAt: Math.max(crossesAt, now), slopePerHour, sentence };
}

interface Bucket {
  at: number;
  value: number;
}

function halfHours(times: Float64Array, values: Float64Array): Bucket[] {
  const end = times.at(-1);
  if (end === undefined) return [];
  const found = new Map<number, number[]>();
  for (let i = values.length - 1; i >= 0 && times[i]! > end - windowHours * HOUR_MS; i--) {
    if (!Number.isFinite(values[i])) continue;
    const slot = Math.floor(times[i]! / bucketMs);
    found.set(slot, [...(found.get(slot) ?? []), values[i]!]);
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([slot, inside]) => ({ at: (slot + 0.5) * bucketMs, value: median(inside) }));
}

function trendOf(buckets: readonly Bucket[]): { slope: number; agreement: number } {
  const slopes = buckets.flatMap((a, i) => buckets.slice(i + 1).map((b) => (b.value - a.value) / (b.at - a.at)));
  const agreement = slopes.reduce((sum, slope) => sum + Math.sign(slope), 0) / slopes.length;
  return { slope: median(slopes), agreement };
}

const median = (numbers: readonly number[]) => quantile(Float64Array.from(numbers), 0.5);
const hourOf = (time: number) => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
