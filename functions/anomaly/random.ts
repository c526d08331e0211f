/** A source of numbers from 0 (in) to 1 (out). */
export type Random = () => number;

/**
 * A seeded source: the same seed gives the same numbers on every machine.
 * The generator is mulberry32: 32 bits of state, one multiplication chain a number, no tables.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
