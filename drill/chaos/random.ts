/** The randomness of one seed: a number from 0 to 1 at each call. */
export type Random = () => number;

export const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
export const between = (random: Random, low: number, high: number) => low + Math.floor(random() * (high - low + 1));
export const maybe = <T>(random: Random, chance: number, make: () => T): T[] => (random() < chance ? [make()] : []);
