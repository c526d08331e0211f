import { type Choice, gainsOf, type Prepared, thresholds } from './gains';

/** Views that may be chosen besides the value itself. */
export const optionalViews = [
  'median-12',
  'median-48',
  'mean-3',
  'mean-12',
  'mean-48',
  'span-48',
  'change-1',
  'same-time',
] as const;

/** Every configuration that the nested evaluation may choose. */
export const choices: readonly Choice[] = subsets(optionalViews).flatMap((some) =>
  [1, 2].flatMap((rank) =>
    [0, 0.25].flatMap((ramp) => [0, 144].map((echo) => ({ views: ['value', ...some], rank, ramp, echo }))),
  ),
);

function subsets<T>(all: readonly T[]): T[][] {
  return all.reduce<T[][]>((sets, one) => sets.concat(sets.map((set) => [...set, one])), [[]]);
}

/** The gains of every choice on every series of a set. */
export type Gains = ReadonlyArray<readonly Float64Array[]>;

export const gainsOfAll = (set: readonly Prepared[], candidates: readonly Choice[]): Gains =>
  candidates.map((choice) => set.map((series) => gainsOf(series, choice)));

/** A place in the search: a choice and a threshold, by their indices. */
export interface Pick {
  choice: number;
  threshold: number;
}

/** A set of series for choosing: its gains, its windows, and how much it counts. */
export interface Ground {
  gains: Gains;
  windows: number;
  weight: number;
}

/** The NAB score of a set at a choice and threshold, without the series `held`. */
function scoreOf({ gains, windows }: Ground, { choice, threshold }: Pick, held = -1): number {
  let sum = 0;
  gains[choice]!.forEach((series, index) => {
    if (index !== held) sum += series[threshold]!;
  });
  return (50 * sum) / windows;
}

/** The choice and threshold with the best weighted sum of scores over the grounds; `allowed` are indices of choices. */
export function best(grounds: readonly Ground[], allowed: readonly number[], held = -1): Pick {
  let top: Pick = { choice: allowed[0]!, threshold: 0 };
  let topScore = Number.NEGATIVE_INFINITY;
  for (const choice of allowed) {
    for (let threshold = 0; threshold < thresholds.length; threshold++) {
      const pick = { choice, threshold };
      // Only the first ground has a series that is held out.
      const score = grounds.reduce((sum, one, i) => sum + one.weight * scoreOf(one, pick, i === 0 ? held : -1), 0);
      if (score > topScore) [top, topScore] = [pick, score];
    }
  }
  return top;
}

export interface Fold extends Pick {
  /** What the series that was left out gained at what was chosen without it. */
  gain: number;
}

/**
 * Leave-one-series-out: for each series of the first ground, choice and threshold are chosen on its others and the further grounds.
 * @returns the pooled NAB score, each series at what was chosen without it
 */
export function nested(
  windowsOf: readonly number[],
  first: Gains,
  others: readonly Ground[],
  allowed: readonly number[],
): { score: number; folds: Fold[] } {
  const total = windowsOf.reduce((sum, one) => sum + one, 0);
  const folds = windowsOf.map((windows, held) => {
    const pick = best([{ gains: first, windows: total - windows, weight: 1 }, ...others], allowed, held);
    return { ...pick, gain: first[pick.choice]![held]![pick.threshold]! };
  });
  return { score: (50 * folds.reduce((sum, { gain }) => sum + gain, 0)) / total, folds };
}

/** The score of a set at what was chosen elsewhere. */
export const scoreAtPick = (ground: Ground, pick: Pick): number => scoreOf(ground, pick);
