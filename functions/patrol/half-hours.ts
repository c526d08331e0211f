import { quantile } from '../anomaly/quantile';

/** The median of a metric over half an hour. */
export interface HalfHour {
  /** The middle of the half hour, in milliseconds since 1970. */
  at: number;
  value: number;
}

export const halfHourMs = 1_800_000;
const slotsADay = 48;

/** The medians of each half hour with data, in order. */
export function halfHoursOf(times: Float64Array, values: Float64Array): HalfHour[] {
  const found = new Map<number, number[]>();
  times.forEach((time, index) => {
    const value = values[index]!;
    if (!Number.isFinite(value)) return;
    const slot = Math.floor(time / halfHourMs);
    const inside = found.get(slot);
    if (inside) inside.push(value);
    else found.set(slot, [value]);
  });
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([slot, inside]) => ({ at: (slot + 0.5) * halfHourMs, value: median(inside) }));
}

/** A metric's values at each time of a normal day: most days are similar at the same hour. */
export class OrdinaryDay {
  readonly #slots: number[][] = Array.from({ length: slotsADay }, () => []);

  constructor(past: readonly HalfHour[]) {
    for (const { at, value } of past) this.#slots[slotOf(at)]!.push(value);
  }

  /** The usual value at this time of day; undefined with fewer than three days of data. */
  usualAt(time: number): number | undefined {
    const seen = this.#slots[slotOf(time)]!;
    return seen.length >= leastDays ? median(seen) : undefined;
  }

  /** The highest value of any day within an hour of this time of day. */
  highestAround(time: number): number {
    const around = [-2, -1, 0, 1, 2].flatMap((step) => this.#slots[slotOf(time + step * halfHourMs)]!);
    return around.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  }
}

const leastDays = 3;
const slotOf = (time: number) => Math.floor(time / halfHourMs) % slotsADay;

export const median = (numbers: readonly number[]): number => quantile(Float64Array.from(numbers), 0.5);
