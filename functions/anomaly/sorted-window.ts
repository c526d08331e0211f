/**
 * Numbers kept in ascending order, for windows of a few thousand points.
 * An insertion moves memory in one block, which is faster at this size than any tree.
 */
export class SortedWindow {
  private data: Float64Array;
  private count = 0;

  constructor(capacity = 64) {
    this.data = new Float64Array(Math.max(1, capacity));
  }

  /** A window that has these values already: sorting them at once is much cheaper than adding each. */
  static of(values: Float64Array, capacity: number): SortedWindow {
    const window = new SortedWindow(Math.max(capacity, values.length));
    window.data.set(values);
    window.data.subarray(0, values.length).sort();
    window.count = values.length;
    return window;
  }

  get size(): number {
    return this.count;
  }

  /** The value at a rank, 0 the smallest. The rank must be below `size`. */
  at(rank: number): number {
    return this.data[rank]!;
  }

  /** The number of kept values that are smaller than `value`. */
  rankOf(value: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.data[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether a kept value lies between two numbers, both in. */
  hasBetween(low: number, high: number): boolean {
    const rank = this.rankOf(low);
    return rank < this.count && this.data[rank]! <= high;
  }

  add(value: number): void {
    if (this.count === this.data.length) this.grow();
    const rank = this.rankOf(value);
    this.data.copyWithin(rank + 1, rank, this.count);
    this.data[rank] = value;
    this.count += 1;
  }

  /** Takes one value out that was added before. */
  remove(value: number): void {
    const rank = this.rankOf(value);
    this.data.copyWithin(rank, rank + 1, this.count);
    this.count -= 1;
  }

  /** The value below which a share `q` (0 to 1) of the kept values lies, linear between ranks; NaN when empty. */
  quantile(q: number): number {
    if (this.count === 0) return Number.NaN;
    const position = q * (this.count - 1);
    const rank = Math.floor(position);
    const low = this.data[rank]!;
    const high = this.data[Math.min(rank + 1, this.count - 1)]!;
    return low + (high - low) * (position - rank);
  }

  /** The kept value that is nearest to `value` but for `rank` - 1 nearer ones; the farthest one when there are fewer, NaN when empty. */
  neighbour(value: number, rank: number): number {
    let above = this.rankOf(value);
    let below = above - 1;
    let found = Number.NaN;
    for (let count = 0; count < rank && (below >= 0 || above < this.count); count++) {
      const down = below >= 0 ? value - this.data[below]! : Number.POSITIVE_INFINITY;
      const up = above < this.count ? this.data[above]! - value : Number.POSITIVE_INFINITY;
      found = down < up ? this.data[below--]! : this.data[above++]!;
    }
    return found;
  }

  private grow(): void {
    const bigger = new Float64Array(this.data.length * 2);
    bigger.set(this.data);
    this.data = bigger;
  }
}
