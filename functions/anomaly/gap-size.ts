/** For each point of a view: how far it is from what was seen before it. */
export interface Gaps {
  /** Distance to the earlier value of the asked rank, relative to the spread; NaN where the view is missing. */
  relative: Float64Array;
  /** The earlier value of that rank; NaN where there is none. */
  nearest: Float64Array;
  /** 1 where the point is above that value, -1 where it is below, 0 where one lies as far away on the other side. */
  lean: Int8Array;
}

/** Points before which a view is too young to judge: their score is 0. */
export const LEAST_POINTS = 10;

/** Two distances that differ by less than this share of them are equal: the rest is rounding. */
const EQUAL = 1e-9;

/** How far from the mirrored nearest value another one counts as just as far on the other side. */
export const slackOf = (value: number, gap: number) => EQUAL * (gap + Math.abs(value));

/** A distance relative to sqrt(standard deviation × range); a value unlike a constant past is infinitely far. */
export function relativeTo(gap: number, deviation: number, range: number): number {
  if (gap === 0) return 0;
  if (range === 0) return Number.POSITIVE_INFINITY;
  return gap / Math.sqrt(Math.max(deviation, range * 1e-6) * range);
}

/** Running sums, and the standard deviation that they give. They are taken from an origin, to keep digits. */
export class Spread {
  private sum = 0;
  private squares = 0;

  constructor(private readonly origin: number) {}

  add(value: number): void {
    const shifted = value - this.origin;
    this.sum += shifted;
    this.squares += shifted * shifted;
  }

  remove(value: number): void {
    const shifted = value - this.origin;
    this.sum -= shifted;
    this.squares -= shifted * shifted;
  }

  /** @param size how many values are in the sums */
  deviation(size: number): number {
    const mean = this.sum / size;
    return Math.sqrt(Math.max(0, this.squares / size - mean * mean));
  }
}
