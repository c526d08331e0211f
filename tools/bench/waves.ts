import type { Random } from '../../functions/anomaly/random';

/** A family of series: what is normal, and what goes wrong at the places given. */
export interface Family {
  name: string;
  stepMinutes: number;
  points: number;
  anomalies: number;
  /** Moves a random place to where this kind of trouble can begin, such as the start of office hours. */
  startOfTrouble?: (i: number) => number;
  make: (length: number, at: readonly number[], random: Random) => Float64Array;
}

/** Two weeks of five-minute points, in which one thing goes wrong. */
export const twoWeeks = { stepMinutes: 5, points: 4032, anomalies: 1 } as const;

/** A number around 0 with spread 1, near enough to a bell curve. */
export const bell = (random: Random) => (random() + random() + random() + random() - 2) * Math.sqrt(3);

export const series = (length: number, value: (i: number) => number) =>
  Float64Array.from({ length }, (_, i) => value(i));
export const wave = (i: number, period: number) => Math.sin((2 * Math.PI * i) / period);
export const isWithin = (i: number, at: readonly number[], points: number) =>
  at.some((start) => i >= start && i < start + points);

/** Values that remember the one before them by a share `memory`. */
export function remembering(length: number, memory: number, random: Random): Float64Array {
  let last = 0;
  return series(length, () => {
    last = memory * last + bell(random);
    return last;
  });
}

/** Points since the last of the places within `points`; -1 when there is none. */
export function sincePlace(i: number, at: readonly number[], points: number): number {
  const start = at.find((one) => i >= one && i < one + points);
  return start === undefined ? -1 : i - start;
}
