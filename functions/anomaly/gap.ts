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

/** The newest points of a view: sorted, and with the running sums behind their standard deviation. */
class Memory {
  readonly window: SortedWindow;
  private readonly ring: Float64Array;
  private oldest = 0;
  private next: number;
  /** The sums are taken from the first value on, to keep digits. */
  private origin: number | undefined;
  private sum = 0;
  private squares = 0;

  /**
   * @param known values that are remembered from the start: the newest `points` of them
   * @param more how many may be added
   */
  constructor(
    known: Float64Array,
    private readonly points: number,
    more: number,
  ) {
    const newest = known.subarray(Math.max(0, known.length - points));
    this.window = SortedWindow.of(newest, Math.min(points, newest.length + more) + 1);
    this.ring = new Float64Array(newest.length + more);
    this.ring.set(newest);
    this.next = newest.length;
    this.origin = known[0];
    for (let i = 0; i < newest.length; i++) this.change(newest[i]!, 1);
  }

  add(value: number): void {
    this.origin ??= value;
    this.window.add(value);
    this.ring[this.next++] = value;
    this.change(value, 1);
    if (this.window.size <= this.points) return;
    const gone = this.ring[this.oldest++]!;
    this.window.remove(gone);
    this.change(gone, -1);
  }

  get deviation(): number {
    const { size } = this.window;
    const mean = this.sum / size;
    return Math.sqrt(Math.max(0, this.squares / size - mean * mean));
  }

  private change(value: number, sign: 1 | -1): void {
    const shifted = value - this.origin!;
    this.sum += sign * shifted;
    this.squares += sign * shifted * shifted;
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
  const memory = new Memory(knownBefore(view, from, relative), points, Math.max(0, view.length - from));
  for (let i = from; i < view.length; i++) {
    const value = view[i]!;
    if (!Number.isFinite(value)) continue;
    const { window } = memory;
    nearest[i] = window.neighbour(value, rank);
    lean[i] = leanOf(value, nearest[i]!, window);
    if (window.size < LEAST_POINTS) relative[i] = 0;
    else relative[i] = relativeGap(Math.abs(value - nearest[i]!), memory) * (window.size / points) ** ramp;
    memory.add(value);
  }
  return { relative, nearest, lean };
}

/** The values before `from` that are known; their gaps are 0. */
function knownBefore(view: Float64Array, from: number, relative: Float64Array): Float64Array {
  const known = new Float64Array(Math.min(from, view.length));
  let count = 0;
  for (let i = 0; i < known.length; i++) {
    if (!Number.isFinite(view[i]!)) continue;
    known[count++] = view[i]!;
    relative[i] = 0;
  }
  return known.subarray(0, count);
}

/** Two distances that differ by less than this share of them are equal: the rest is rounding. */
const EQUAL = 1e-9;

function leanOf(value: number, nearest: number, window: SortedWindow): number {
  const gap = Math.abs(value - nearest);
  const slack = EQUAL * (gap + Math.abs(value));
  return window.hasBetween(2 * value - nearest - slack, 2 * value - nearest + slack) ? 0 : Math.sign(value - nearest);
}

function relativeGap(gap: number, { window, deviation }: Memory): number {
  if (gap === 0) return 0;
  const range = window.at(window.size - 1) - window.at(0);
  if (range === 0) return Number.POSITIVE_INFINITY;
  return gap / Math.sqrt(Math.max(deviation, range * 1e-6) * range);
}
