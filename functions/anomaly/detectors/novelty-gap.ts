import { defaultNovelty, scoreNovelty } from '../novelty';
import { DEFAULT_THRESHOLD } from '../threshold';
import type { Detector, Scoring } from './detector';

/** The novelty gap: no training, no randomness, one sentence. Over several metrics the largest score counts. */
export const noveltyGap: Detector = {
  name: 'novelty-gap',
  threshold: DEFAULT_THRESHOLD,
  score: ({ times, series }, from = 0) =>
    largestOf(
      series.map((one) => scoreNovelty(times, one, { ...defaultNovelty, from })),
      times.length,
    ),
};

/** Several scorings of the same points as one: at each point the largest score counts, with its evidence. */
export function largestOf(scorings: readonly Scoring[], length: number): Scoring {
  if (scorings.length === 1) return scorings[0]!;
  const winner = Int32Array.from({ length }, (_, at) =>
    scorings.reduce((best, { scores }, i) => {
      if (Number.isNaN(scores[at])) return best;
      return best < 0 || scores[at]! > scorings[best]!.scores[at]! ? i : best;
    }, -1),
  );
  const sided = scorings.flatMap(({ towards }) => towards ?? []);
  return {
    scores: Float64Array.from(winner, (index, at) => scorings[index]?.scores[at] ?? Number.NaN),
    explain: (at) => scorings[winner[at] ?? -1]?.explain(at),
    ...(sided.length === scorings.length
      ? {
          towards: (side, isFarOut) =>
            largestOf(
              sided.map((towards) => towards(side, isFarOut)),
              length,
            ),
        }
      : {}),
  };
}
