import { type Random, seededRandom } from '../../functions/anomaly/random';
import { firstFamilies } from './families-first';
import { secondFamilies } from './families-second';
import type { Labelled } from './nab-score';
import { type Family, series } from './waves';

/** Where things go wrong: after the probation, not too near to each other or to the end. */
function placesOf({ points, anomalies, startOfTrouble = (i) => i }: Family, random: Random): number[] {
  const from = Math.ceil(points * 0.3);
  const room = Math.floor((points * 0.6) / Math.max(1, anomalies));
  return Array.from({ length: anomalies }, (_, k) =>
    startOfTrouble(from + k * room + Math.floor(random() * room * 0.5)),
  );
}

/** The two sets of families: what is chosen on one can be tried on the other. */
export const familySets = { first: firstFamilies, second: secondFamilies } as const;

/**
 * Labelled series of every family. As in NAB, the windows of a series cover a tenth of it together,
 * each with the start of its anomaly in the middle.
 * @param families which kinds of series
 * @param seeds one series a family and seed
 */
export function generate(families: readonly Family[], seeds: readonly number[]): Labelled[] {
  return seeds.flatMap((seed) =>
    families.map((family, index): Labelled => {
      const random = seededRandom(1000 * seed + index);
      const at = placesOf(family, random);
      const half = Math.floor((0.1 * family.points) / Math.max(1, family.anomalies) / 2);
      return {
        name: `${family.name}-${seed}`,
        times: series(family.points, (i) => Date.UTC(2026, 0, 5) + i * family.stepMinutes * 60_000),
        values: family.make(family.points, at, random),
        windows: at.map((start) => [start - half, Math.min(start + half, family.points - 1)] as const),
      };
    }),
  );
}
