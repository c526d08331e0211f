import type { MetricSeries } from './frame';
import { formatValue, kindOf } from './metrics';
import { quantile } from './quantile';
import { DAY_MS } from './views';

/** A threshold that a metric stands beyond nearly all the time: its alarm cannot tell trouble from ordinary load. */
export interface WrongThreshold {
  metric: string;
  threshold: number;
  side: 'high' | 'low';
  /** The share of the earlier data points at the threshold or beyond it, 0 to 1. */
  share: number;
  /** A threshold that ordinary load hardly reaches; undefined where the metric has no room for one. */
  proposed: number | undefined;
  sentence: string;
}

/** From this share of the data points on, beyond the threshold is where the metric lives. */
const NEARLY_ALWAYS = 0.9;

/** With less history, a long trouble could be all that is known. */
const LEAST_HISTORY_MS = 3 * DAY_MS;

/** The share of ordinary points that a proposed threshold leaves on its quiet side. */
const QUIET_SHARE = 0.995;

/**
 * Whether an alarm's threshold is wrong for its metric, by the points before `from`.
 * @returns undefined when it is not, or when less than three days are known
 */
export function findWrongThreshold(
  times: Float64Array,
  { metric, values }: MetricSeries,
  from: number,
  { threshold, side }: { threshold: number; side: 'high' | 'low' },
): WrongThreshold | undefined {
  const past = values.slice(0, from).filter(Number.isFinite);
  const first = values.findIndex(Number.isFinite);
  if (first < 0 || first >= from || times[from - 1]! - times[first]! < LEAST_HISTORY_MS) return undefined;
  const isBeyond = (value: number) => (side === 'high' ? value >= threshold : value <= threshold);
  const share = past.filter(isBeyond).length / past.length;
  if (share < NEARLY_ALWAYS) return undefined;
  const proposed = proposedThreshold(metric, past, side);
  const beyond = side === 'high' ? 'at or above' : 'at or below';
  const sentence =
    `${metric} was ${beyond} the alarm's threshold of ${formatValue(threshold, metric)} in ${percent(share)} of the data points of 14 days, ` +
    `so this alarm cannot tell trouble from ordinary load: ${advice(metric, proposed)}`;
  return { metric, threshold, side, share, proposed, sentence };
}

function advice(metric: string, proposed: number | undefined): string {
  if (proposed === undefined) return 'no threshold of this metric can, so let the alarm watch another metric';
  return `set its threshold to ${formatValue(proposed, metric)}, which ordinary load hardly reaches`;
}

/**
 * Just beyond nearly all that is ordinary, rounded away from it; of a percentage in whole points, and between 0 and 100.
 * @returns undefined where the metric has no room for one
 */
export function proposedThreshold(metric: string, past: Float64Array, side: 'high' | 'low'): number | undefined {
  const edge = quantile(past, side === 'high' ? QUIET_SHARE : 1 - QUIET_SHARE);
  const isPercent = kindOf(metric)?.unit === 'percent';
  const step = isPercent ? 1 : 10 ** (Math.floor(Math.log10(Math.abs(edge) || 1)) - 1);
  const rounded = side === 'high' ? Math.floor(edge / step + 1) * step : Math.ceil(edge / step - 1) * step;
  return isPercent && (rounded >= 100 || rounded <= 0) ? undefined : Number(rounded.toPrecision(3));
}

const percent = (share: number) => `${Math.floor(100 * share)} %`;
