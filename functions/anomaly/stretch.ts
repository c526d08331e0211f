import type { MetricSeries } from './frame';
import { formatValue } from './metrics';
import { quantile } from './quantile';
import { DAY_MS } from './views';

/** How long a metric has been as far out as it is now, and how long it was so before. */
export interface Stretch {
  metric: string;
  /** As far out as this, or farther. */
  level: number;
  side: 'high' | 'low';
  minutes: number;
  /** The longest earlier stretch, and how many there were; each ended without automation. */
  longestMinutes: number;
  earlier: number;
  /** On how many earlier days; a day is 24 hours back from now. */
  days: number;
  /** It comes nearly every day. */
  isDaily: boolean;
  /** The median length of the earlier ones. */
  typicalMinutes: number;
  /** It has lasted clearly longer than any before. */
  isLonger: boolean;
}

/** The newest points whose mean is how far out the metric is now. */
const NEWEST = 3;

/** A little less far counts too: this share of the way from the middle of all points. */
const SLACK = 0.05;

/** Points a stretch has to have: two are a spike. */
const LEAST_POINTS = 3;

/** On this share of the known days or more, something comes nearly every day. */
const NEARLY_EVERY_DAY = 0.75;

/** A stretch that is longer than the longest before by this factor, and a point, is longer than any. */
const CLEARLY_LONGER = 1.5;

/**
 * The stretch at the end of a series, on one side, and the earlier ones that were as far out. A single point in between
 * does not end one. What was left out around actions of automation counts for nothing.
 * @param stepMs milliseconds between two points
 * @returns undefined when the end is not on that side, or there was no earlier one
 */
export function findStretch(
  { metric, values }: MetricSeries,
  side: 'high' | 'low',
  stepMs: number,
): Stretch | undefined {
  const sign = side === 'high' ? 1 : -1;
  const out = values.map((value) => sign * value);
  const known = out.filter(Number.isFinite);
  const newest = known.slice(-NEWEST);
  if (newest.length < NEWEST) return undefined;
  const mean = newest.reduce((sum, one) => sum + one, 0) / NEWEST;
  const middle = quantile(known, 0.5);
  if (mean <= middle) return undefined;
  const level = Math.min(mean - SLACK * (mean - middle), ...newest);
  const all = stretchesOf(out, level);
  const current = lengthOf(all.pop()!);
  const earlier = all.filter((one) => lengthOf(one) >= LEAST_POINTS);
  if (earlier.length === 0) return undefined;
  const longest = Math.max(...earlier.map(lengthOf));
  const dayOf = ([from]: Run) => Math.ceil(((values.length - 1 - from) * stepMs) / DAY_MS);
  const days = new Set(earlier.map(dayOf)).size;
  const minutes = (points: number) => Math.round((points * stepMs) / 60_000);
  return {
    metric,
    level: sign * level,
    side,
    minutes: minutes(current),
    longestMinutes: minutes(longest),
    earlier: earlier.length,
    days,
    isDaily: days >= NEARLY_EVERY_DAY * Math.max(1, Math.floor((known.length * stepMs) / DAY_MS)),
    typicalMinutes: minutes(quantile(Float64Array.from(earlier.map(lengthOf)), 0.5)),
    isLonger: current > CLEARLY_LONGER * longest + 1,
  };
}

type Run = readonly [from: number, to: number];

const lengthOf = ([from, to]: Run) => to - from + 1;

/** The stretches at or above a level, as indices, both in; one point below, or missing, is bridged. */
function stretchesOf(values: Float64Array, level: number): Run[] {
  const found: Run[] = [];
  let from = -1;
  let last = -1;
  for (let i = 0; i < values.length; i++) {
    if (!(values[i]! >= level)) continue;
    if (from >= 0 && i - last > 2) found.push([from, last]);
    if (from < 0 || i - last > 2) from = i;
    last = i;
  }
  return [...found, [from, last]];
}

/** "CPUUtilization has been at 95 % or more for 15 minutes". */
export function stretchSentence({ metric, level, side, minutes }: Stretch): string {
  const more = side === 'high' ? 'more' : 'less';
  return `${metric} has been at ${formatValue(level, metric)} or ${more} for ${minutes} minutes`;
}
