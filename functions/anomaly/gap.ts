import { EarlierValues } from './earlier-values';
import { type Gaps, LEAST_POINTS, relativeTo, Spread, slackOf } from './gap-size';
import { SortedWindow } from './sorted-window';

export type { Gaps } from './gap-size';

export interface GapOptions {
  /** Earlier points that are remembered. */
  points: number;
  /** The distance to which neighbour counts: 1 the nearest, 2 the second nearest, so that one earlier oddity hides no other. */
  rank: number;
  /** How much a short memory takes off: the gap is multiplied by (points remembered / points)^ramp. */
  ramp: number;
  /** Points before it are remembered, but not judged: their gap is 0. All are judged when left out. */
  from?: number;
}

/** The points of a view that are known, without the missing ones. */
interface Known {
  values: Float64Array;
  /** Where in the view each one is. */
  at: Int32Array;
  /** The first one that is judged. */
  from: number;
}

/**
 * The novelty gap of a view: the distance of each value from the nearest ones of the points before it,
 * relative to sqrt(standard deviation × range) of those. A value unlike a constant past is infinitely far.
 */
export function noveltyGaps(view: Float64Array, options: GapOptions): Gaps {
  const { points, rank, ramp, from = 0 } = options;
  const known = knownIn(view, from);
  const gaps = {
    relative: new Float64Array(view.length).fill(Number.NaN),
    nearest: new Float64Array(view.length).fill(Number.NaN),
    lean: new Int8Array(view.length),
  };
  for (let i = 0; i < known.from; i++) gaps.relative[known.at[i]!] = 0;
  if (known.values.length <= points + 1) rememberAll(known, points, rank, ramp, gaps);
  else rememberNewest(known, points, rank, ramp, gaps);
  return gaps;
}

function knownIn(view: Float64Array, from: number): Known {
  const values = new Float64Array(view.length);
  const at = new Int32Array(view.length);
  let count = 0;
  let before = 0;
  for (let i = 0; i < view.length; i++) {
    const value = view[i]!;
    if (i === from) before = count;
    if (!Number.isFinite(value)) continue;
    at[count] = i;
    values[count++] = value;
  }
  return { values: values.subarray(0, count), at, from: from < view.length ? before : count };
}

/** While no point is forgotten, from the newest point back: each one is taken out of those before it. */
function rememberAll({ values, at, from }: Known, points: number, rank: number, ramp: number, gaps: Gaps): void {
  const earlier = new EarlierValues(values, from);
  const deviations = deviationsBefore(values, from);
  for (let i = values.length - 1; i >= from; i--) {
    const value = values[i]!;
    const place = earlier.take(i);
    const nearest = earlier.neighbour(place, rank);
    const gap = Math.abs(value - nearest);
    const mirrored = 2 * value - nearest;
    const slack = slackOf(value, gap);
    const isBetween = earlier.hasBetween(place, mirrored - slack, mirrored + slack);
    gaps.nearest[at[i]!] = nearest;
    gaps.lean[at[i]!] = isBetween ? 0 : Math.sign(value - nearest);
    gaps.relative[at[i]!] =
      i < LEAST_POINTS ? 0 : relativeTo(gap, deviations[i - from]!, earlier.range) * (i / points) ** ramp;
  }
}

/** The standard deviation of the values before each one from `from` on. */
function deviationsBefore(values: Float64Array, from: number): Float64Array {
  const spread = new Spread(values[0]!);
  const found = new Float64Array(values.length - from);
  for (let i = 0; i < values.length; i++) {
    if (i >= from) found[i - from] = spread.deviation(i);
    spread.add(values[i]!);
  }
  return found;
}

/** Where more points are known than are remembered: the oldest one leaves as a new one comes. */
function rememberNewest({ values, at, from }: Known, points: number, rank: number, ramp: number, gaps: Gaps): void {
  let oldest = Math.max(0, from - points);
  const window = SortedWindow.of(values.subarray(oldest, from), points + 1);
  const spread = new Spread(values[0]!);
  for (let i = oldest; i < from; i++) spread.add(values[i]!);
  for (let i = from; i < values.length; i++) {
    const value = values[i]!;
    const nearest = window.neighbour(value, rank);
    const gap = Math.abs(value - nearest);
    const mirrored = 2 * value - nearest;
    const slack = slackOf(value, gap);
    gaps.nearest[at[i]!] = nearest;
    gaps.lean[at[i]!] = window.hasBetween(mirrored - slack, mirrored + slack) ? 0 : Math.sign(value - nearest);
    const { size } = window;
    const range = size > 0 ? window.at(size - 1) - window.at(0) : 0;
    gaps.relative[at[i]!] =
      size < LEAST_POINTS ? 0 : relativeTo(gap, spread.deviation(size), range) * (size / points) ** ramp;
    window.add(value);
    spread.add(value);
    if (window.size <= points) continue;
    window.remove(values[oldest]!);
    spread.remove(values[oldest++]!);
  }
}
