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
  /** The sums are taken from the first value on, to keep digits; NaN until there is one. */
  private origin: number;
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
    this.origin = known.length > 0 ? known[0]! : Number.NaN;
    const { origin } = this;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < newest.length; i++) {
      const shifted = newest[i]! - origin;
      sum += shifted;
      squares += shifted * shifted;
    }
    this.sum = sum;
    this.squares = squares;
  }

  add(value: number): void {
    if (Number.isNaN(this.origin)) this.origin = value;
    this.window.add(value);
    this.ring[this.next++] = value;
    const shifted = value - this.origin;
    this.sum += shifted;
    this.squares += shifted * shifted;
    if (this.window.size > this.points) this.forgetOldest();
  }

  get deviation(): number {
    const { size } = this.window;
    const mean = this.sum / size;
    return Math.sqrt(Math.max(0, this.squares / size - mean * mean));
  }

  private forgetOldest(): void {
    const gone = this.ring[this.oldest++]!;
    this.window.remove(gone);
    const shifted = gone - this.origin;
    this.sum -= shifted;
    this.squares -= shifted * shifted;
  }
}

/**
 * The novelty gap of a view: the distance of each value from the nearest ones of the points before it,
 * relative to sqrt(standard deviation × range) of those. A value unlike a constant past is infinitely far.
 */
export function noveltyGaps(view: Float64Array, { points, rank, ramp, from = 0 }: GapOptions): Gaps {
  const relative = new Float64Array(view.length).fill(Number.NaN);
  const nearest = new Float64Array(view.length).fill(Number.NaN);
  const lean = new Int8Array(view.length);
  const memory = new Memory(knownBefore(view, from, relative), points, Math.max(0, view.length - from));
  const { window } = memory;
  for (let i = from; i < view.length; i++) {
    const value = view[i]!;
    if (!Number.isFinite(value)) continue;
    const near = window.neighbour(value, rank);
    const gap = Math.abs(value - near);
    nearest[i] = near;
    lean[i] = leanOf(value, near, gap, window);
    relative[i] = window.size < LEAST_POINTS ? 0 : relativeGap(gap, memory) * (window.size / points) ** ramp;
    memory.add(value);
  }
  return { relative, nearest, lean };
}

/** The values before `from` that are known; their gaps are 0. */
function knownBefore(view: Float64Array, from: number, relative: Float64Array): Float64Array {
  const known = new Float64Array(Math.min(from, view.length));
  let count = 0;
  for (let i = 0; i < known.length; i++) {
    const value = view[i]!;
    if (!Number.isFinite(value)) continue;
    known[count++] = value;
    relative[i] = 0;
  }
  return known.subarray(0, count);
}

/** Two distances that differ by less than this share of them are equal: the rest is rounding. */
const EQUAL = 1e-9;

function leanOf(value: number, nearest: number, gap: number, window: SortedWindow): number {
  const slack = EQUAL * (gap + Math.abs(value));
  return window.hasBetween(2 * value - nearest - slack, 2 * value - nearest + slack) ? 0 : Math.sign(value - nearest);
}

function relativeGap(gap: number, { window, deviation }: Memory): number {
  if (gap === 0) return 0;
  const range = window.at(window.size - 1) - window.at(0);
  if (range === 0) return Number.POSITIVE_INFINITY;
  return gap / Math.sqrt(Math.max(deviation, range * 1e-6) * range);
}
