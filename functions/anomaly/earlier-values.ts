/**
 * Values in the order of their size, from which the newest are taken away one by one: what is left beside the place of the
 * one that was taken are the nearest values before it. Sorted once, so no value is ever searched for or moved.
 */
export class EarlierValues {
  /** The values from 1 on; 0 and the last place are ends. */
  private readonly sorted: Float64Array;
  private readonly below: Int32Array;
  private readonly above: Int32Array;
  private readonly end: number;
  /** The place of each value from `from` on. */
  private readonly places: Int32Array;

  /** @param from the values before it stay */
  constructor(
    values: Float64Array,
    private readonly from: number,
  ) {
    const { length } = values;
    this.end = length + 1;
    this.sorted = new Float64Array(length + 2);
    this.sorted.set(values, 1);
    this.sorted.subarray(1, this.end).sort();
    this.below = new Int32Array(length + 2);
    this.above = new Int32Array(length + 2);
    for (let place = 0; place <= this.end; place++) {
      this.below[place] = place - 1;
      this.above[place] = place + 1;
    }
    this.places = new Int32Array(length - from);
    // Equal values stand side by side: each takes the next place among them.
    const taken = new Int32Array(length + 2);
    for (let i = from; i < length; i++) {
      const first = this.firstAtLeast(values[i]!);
      this.places[i - from] = first + taken[first]!++;
    }
  }

  /** Takes the value at an index away; to be called for the last one first. @returns its place */
  take(index: number): number {
    const place = this.places[index - this.from]!;
    this.above[this.below[place]!] = this.above[place]!;
    this.below[this.above[place]!] = this.below[place]!;
    return place;
  }

  /** The highest value less the lowest of those that are left; there must be one. */
  get range(): number {
    return this.sorted[this.below[this.end]!]! - this.sorted[this.above[0]!]!;
  }

  /** The value nearest to that of a place but for `rank` - 1 nearer ones; the farthest one when there are fewer, NaN when none is left. */
  neighbour(place: number, rank: number): number {
    const { sorted, end } = this;
    const value = sorted[place]!;
    let low = this.below[place]!;
    let high = this.above[place]!;
    let found = Number.NaN;
    for (let count = 0; count < rank && (low > 0 || high < end); count++) {
      const down = low > 0 ? value - sorted[low]! : Number.POSITIVE_INFINITY;
      const up = high < end ? sorted[high]! - value : Number.POSITIVE_INFINITY;
      if (down < up) {
        found = sorted[low]!;
        low = this.below[low]!;
      } else {
        found = sorted[high]!;
        high = this.above[high]!;
      }
    }
    return found;
  }

  /** Whether one of those that are left lies between two numbers, both in; looked for from a place on, outwards. */
  hasBetween(place: number, least: number, most: number): boolean {
    const { sorted, end } = this;
    for (let at = this.above[place]!; at < end && sorted[at]! <= most; at = this.above[at]!)
      if (sorted[at]! >= least) return true;
    for (let at = this.below[place]!; at > 0 && sorted[at]! >= least; at = this.below[at]!)
      if (sorted[at]! <= most) return true;
    return false;
  }

  private firstAtLeast(value: number): number {
    let low = 1;
    let high = this.end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
