import { foldEchoes } from '../../functions/anomaly/echo';
import { scoreView } from '../../functions/anomaly/novelty';
import { bestOf, type Judged, judgePoints, type Labelled, nabCurve, scoreAt } from './nab-score';

/** One configuration of the default detector; with its threshold it is all that is chosen. */
export interface Choice {
  views: readonly string[];
  rank: number;
  ramp: number;
  /** Points of the echo's memory; 0 folds nothing. */
  echo: number;
}

export const viewSets: ReadonlyArray<readonly string[]> = [
  ['value', 'median-12', 'median-48'],
  ['value', 'median-12', 'mean-3'],
  ['value', 'median-6', 'mean-3'],
  ['value', 'median-12', 'mean-3', 'same-time'],
  ['value', 'median-12', 'mean-3', 'span-48'],
];

/** Every configuration that the nested evaluation may choose. */
export const choices: readonly Choice[] = viewSets.flatMap((views) =>
  [1, 2, 3].flatMap((rank) => [0, 0.25, 0.5].flatMap((ramp) => [0, 144].map((echo) => ({ views, rank, ramp, echo })))),
);

/** Scores a series by a choice, keeping what several choices share. */
export function scorer() {
  const kept = new Map<string, Float64Array>();
  const viewScores = (series: Labelled, view: string, rank: number, ramp: number) => {
    const key = [series.name, view, rank, ramp].join('|');
    const scores = kept.get(key) ?? scoreView(view, series.times, series.values, { points: 4032, rank, ramp }).scores;
    kept.set(key, scores);
    return scores;
  };
  return (series: Labelled, { views, rank, ramp, echo }: Choice): Float64Array => {
    const all = views.map((view) => viewScores(series, view, rank, ramp));
    const largest = series.values.map((_, at) =>
      Math.max(0, ...all.map((one) => (Number.isNaN(one[at]!) ? 0 : one[at]!))),
    );
    return echo ? foldEchoes(largest, echo) : largest;
  };
}

/** What a series adds to the sum behind the NAB score, at a threshold. */
export function gainAt(points: readonly Judged[], windows: number, threshold: number): number {
  if (windows > 0) return (scoreAt(nabCurve(points, windows), threshold) / 50) * windows;
  return points.reduce((sum, { score, weight }) => (score >= threshold ? sum + weight : sum), 0);
}

export interface NestedResult {
  /** The pooled NAB score, each series at what was chosen without it. */
  score: number;
  folds: { name: string; choice: Choice; threshold: number; gain: number; windows: number }[];
}

/**
 * Leave-one-series-out: for each series, configuration and threshold are chosen on all the others.
 * @param judged one list of judged points a choice and series
 * @param prior for each choice, how good a threshold is on data that has nothing to do with the series; may be left out
 */
export function nested(
  series: readonly Labelled[],
  candidates: readonly Choice[],
  judged: ReadonlyArray<ReadonlyArray<readonly Judged[]>>,
  prior?: (choice: number, threshold: number) => number,
): NestedResult {
  const total = series.reduce((sum, { windows }) => sum + windows.length, 0);
  const folds = series.map(({ name, windows }, held) => {
    const rest = total - windows.length;
    const found = candidates.map((_, index) => {
      const curve = nabCurve(judged[index]!.filter((__, i) => i !== held).flat(), rest);
      if (!prior) return bestOf(curve);
      return bestOf(curve.map(({ threshold, score }) => ({ threshold, score: score + prior(index, threshold) })));
    });
    const best = found.reduce((top, one, index) => (one.score > found[top]!.score ? index : top), 0);
    const { threshold } = found[best]!;
    const gain = gainAt(judged[best]![held]!, windows.length, threshold);
    return { name, choice: candidates[best]!, threshold, gain, windows: windows.length };
  });
  return { score: (50 * folds.reduce((sum, { gain }) => sum + gain, 0)) / total, folds };
}

/** Scores under this are never a threshold worth having; leaving their points out makes the search ten times faster. */
const LEAST_THRESHOLD = 0.05;

/** Judged points of every series under every choice. */
export function judgeAll(series: readonly Labelled[], candidates: readonly Choice[]): Judged[][][] {
  const score = scorer();
  return candidates.map((choice) =>
    series.map((one) => judgePoints(one, score(one, choice)).filter((point) => point.score >= LEAST_THRESHOLD)),
  );
}
