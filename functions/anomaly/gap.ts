import { SortedWindow } from './sorted-window';

/** For each point of a view: how far it is from what was seen before it. */
export interface Gaps {
  /** Distance to the earlier value of the asked rank, relative to the spread; NaN where the view is missing. */
  relative: Float64Array;
  /** The earlier value of that rank; NaN where there is none. */
  nearest: Float64Array;
  /** 1 where the point is above that value, -1 where it is below, 0 where one lies as far away on the other side. */
  lean: Int8Array;
}

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

/** Points before which a view is too young to judge: their score is 0. */
const LEAST_POINTS = 10;

/** The running sums behind a standard deviation, taken from the first value to keep digits. */
class Spread {
  private sum = 0;
  private squares = 0;

  constructor(private readonly origin: number) {}

  change(value: number, sign: 1 | -1): void {
    const shifted = value - this.origin;
    this.sum += sign * shifted;
    this.squares += sign * shifted * shifted;
  }

  deviation(count: number): number {
    const mean = this.sum / count;
    return Math.sqrt(Math.max(0, this.squares / count - mean * mean));
  }
}

/**
 * The novelty gap of a view: the distance of each value from the nearest ones of the points before it,
 * relative to sqrt(standard deviation × range) of those. A value unlike a constant past is infinitely far.
 */
export function noveltyGaps(view: Float64Array, options: GapOptions): Gaps {
  const { points, rank, ramp, from = 0 } = options;
  const relative = new Float64Array(view.length).fill(Number.NaN);
  const nearest = new Float64Array(view.length).fill(Number.NaN);
  const lean = new Int8Array(view.length);
  const window = new SortedWindow(Math.min(points, view.length) + 1);
  const ring: number[] = [];
  let oldest = 0;
  let spread: Spread | undefined;
  for (let i = 0; i < view.length; i++) {
    const value = view[i]!;
    if (!Number.isFinite(value)) continue;
    spread ??= new Spread(value);
    if (i < from) relative[i] = 0;
    else {
      nearest[i] = window.neighbour(value, rank);
      lean[i] = leanOf(value, nearest[i]!, window);
      if (window.size < LEAST_POINTS) relative[i] = 0;
      else relative[i] = relativeGap(Math.abs(value - nearest[i]!), window, spread) * (window.size / points) ** ramp;
    }
    window.add(value);
    ring.push(value);
    spread.change(value, 1);
    if (window.size > points) {
      const gone = ring[oldest++]!;
      window.remove(gone);
      spread.change(gone, -1);
    }
  }
  return { relative, nearest, lean };
}

/** Two distances that differ by less than this share of them are equal: the rest is rounding. */
const EQUAL = 1e-9;

function leanOf(value: number, nearest: number, window: SortedWindow): number {
  const gap = Math.abs(value - nearest);
  const slack = EQUAL * (gap + Math.abs(value));
  return window.hasBetween(2 * value - nearest - slack, 2 * value - nearest + slack) ? 0 : Math.sign(value - nearest);
}

function relativeGap(gap: number, window: SortedWindow, spread: Spread): number {
  if (gap === 0) return 0;
  const range = window.at(window.size - 1) - window.at(0);
  if (range === 0) return Number.POSITIVE_INFINITY;
  return gap / Math.sqrt(Math.max(spread.deviation(window.size), range * 1e-6) * range);
}
