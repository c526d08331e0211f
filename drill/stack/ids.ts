/** Where ids of executions and invocations come from: seeded in a drill, so that a run can be repeated exactly. */
export type Ids = () => string;

/** Ids in the form of a UUID (version 4), drawn from a generator of numbers in [0, 1). */
export function uuidsFrom(random: () => number): Ids {
  const hex = (length: number) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  return () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
}

/**
 * A small generator of numbers in [0, 1) that gives the same numbers for the same seed (mulberry32).
 * @param seed any whole number; only its lowest 32 bits count
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
