import { formatValue } from '../anomaly/metrics';
import { type HalfHour, halfHourMs, halfHoursOf, median, OrdinaryDay } from './half-hours';

/** A trend that will cross a threshold. */
export interface Forecast {
  /** Milliseconds since 1970. */
  crossesAt: number;
  slopePerHour: number;
  sentence: string;
}

export interface ForecastInput {
  metric: string;
  /** At least three earlier days are needed to know a normal day; without them there is no forecast. */
  times: Float64Array;
  values: Float64Array;
  threshold: number;
  horizonHours: number;
}

const HOUR_MS = 3_600_000;
const windowHours = 6;
const leastBuckets = 8;

/** Of all pairs of points, this share more must rise than fall: 1 is a steady climb. */
const leastAgreement = 0.7;

/** The climb must be this many times a point's usual distance from the line. */
const leastClimb = 4;

/** The metric must exceed all earlier values at this hour by this share of the way to the threshold. */
const leastExcess = 0.2;

/**
 * Extrapolates how the last six hours differ from a normal day: the median slope of all pairs of half-hour medians
 * (Theil–Sen), which a spike cannot bend. A rise every morning is not a trend. Reports a trend only if the metric is
 * clearly higher than on any earlier day at that hour, nearly all pairs agree (Kendall's tau), the climb is larger than
 * the noise around it, and the threshold has not been reached but will be within the horizon.
 */
export function forecast({ metric, times, values, threshold, horizonHours }: ForecastInput): Forecast | undefined {
  const now = times.at(-1);
  if (now === undefined) return undefined;
  const all = halfHoursOf(times, values);
  const since = now - windowHours * HOUR_MS;
  const day = new OrdinaryDay(all.filter(({ at }) => at <= since));
  const recent = all.filter(({ at }) => at > since);
  const last = recent.at(-1);
  if (recent.length < leastBuckets || !last || last.value >= threshold) return undefined;
  const known = day.highestAround(last.at);
  if (last.value <= known + leastExcess * (threshold - known)) return undefined;
  const trend = trendOf(recent.flatMap((one) => aboveUsual(one, day)));
  if (!trend) return undefined;
  const crossesAt = crossing(trend, day, threshold, now, now + horizonHours * HOUR_MS);
  if (crossesAt === undefined) return undefined;
  const slopePerHour = trend.slope * HOUR_MS;
  const sentence =
    `${metric} is rising above its normal day by ${formatValue(slopePerHour, metric)} per hour and is now at ` +
    `${formatValue(last.value, metric)}; at this rate it reaches ${formatValue(threshold, metric)} at about ${hourOf(crossesAt)} UTC`;
  return { crossesAt, slopePerHour, sentence };
}

function aboveUsual({ at, value }: HalfHour, day: OrdinaryDay): HalfHour[] {
  const usual = day.usualAt(at);
  return usual === undefined ? [] : [{ at, value: value - usual }];
}

/** A line through the values above normal. */
interface Trend {
  slope: number;
  level: number;
}

/** The trend of some points, if they climb steadily. */
function trendOf(points: readonly HalfHour[]): Trend | undefined {
  if (points.length < leastBuckets) return undefined;
  const slopes = points.flatMap((a, i) => points.slice(i + 1).map((b) => (b.value - a.value) / (b.at - a.at)));
  const agreement = slopes.reduce((sum, slope) => sum + Math.sign(slope), 0) / slopes.length;
  const slope = median(slopes);
  if (slope <= 0 || agreement < leastAgreement) return undefined;
  const level = median(points.map(({ at, value }) => value - slope * at));
  const noise = median(points.map(({ at, value }) => Math.abs(value - level - slope * at)));
  const climb = slope * (points.at(-1)!.at - points[0]!.at);
  return climb < leastClimb * noise ? undefined : { slope, level };
}

/** When the normal value plus the trend reaches the threshold; undefined if not by `until`. */
function crossing(
  { slope, level }: Trend,
  day: OrdinaryDay,
  threshold: number,
  now: number,
  until: number,
): number | undefined {
  const at = Array.from({ length: Math.ceil((until - now) / halfHourMs) }, (_, step) => now + (step + 1) * halfHourMs);
  return at.find((time) => {
    const usual = day.usualAt(time);
    return time <= until && usual !== undefined && usual + level + slope * time >= threshold;
  });
}

const hourOf = (time: number) => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
