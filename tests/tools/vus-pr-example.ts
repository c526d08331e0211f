import { seededRandom } from '../../functions/anomaly/random';

const length = 1500;

/** Three troubles, one of them near the end and two near each other, and scores that find them more or less. */
export function example(seed: number, skill: number) {
  const random = seededRandom(seed);
  const labels = new Uint8Array(length);
  for (const [from, to] of [
    [300, 340],
    [420, 425],
    [1440, 1499],
  ] as const)
    labels.fill(1, from, to + 1);
  const scores = Float64Array.from(labels, (label) => Number((random() + skill * label * random()).toFixed(3)));
  return { labels, scores };
}
