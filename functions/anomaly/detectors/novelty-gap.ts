import type { Frame, MetricSeries } from '../frame';
import { noveltyGaps } from '../gap';
import { formatValue } from '../metrics';
import { DEFAULT_THRESHOLD } from '../threshold';
import { lessMedian } from '../views';
import type { Detector, Evidence, Scoring } from './detector';

/** One way of looking at a series, scored point by point. */
interface ScoredView {
  name: string;
  values: Float64Array;
  nearest: Float64Array;
  scores: Float64Array;
}

/** 14 days of 5-minute points. */
const WINDOW_POINTS = 4032;

const views: ReadonlyArray<{ name: string; see: (frame: Frame, series: MetricSeries) => Float64Array }> = [
  { name: 'value', see: (_, { values }) => values },
  { name: 'value less the median of 12 points', see: (_, { values }) => lessMedian(values, 12) },
  { name: 'value less the median of 48 points', see: (_, { values }) => lessMedian(values, 48) },
];

/** A gap of any size as a score: 0 stays 0, infinity becomes 1, and the order is kept. */
const toScore = (gap: number) => (gap === Number.POSITIVE_INFINITY ? 1 : gap / (1 + gap));

function scoreViews(frame: Frame, series: MetricSeries): ScoredView[] {
  return views.map(({ name, see }) => {
    const values = see(frame, series);
    const { relative, nearest } = noveltyGaps(values, WINDOW_POINTS);
    return { name, values, nearest, scores: relative.map(toScore) };
  });
}

function largestAt(scored: readonly ScoredView[], at: number): ScoredView | undefined {
  let best: ScoredView | undefined;
  for (const view of scored) {
    const score = view.scores[at]!;
    if (!Number.isNaN(score) && (best === undefined || score > best.scores[at]!)) best = view;
  }
  return best;
}

/** Scores one series: how far each point is from anything seen in the 14 days before it, over all views. */
export function scoreNovelty(frame: Frame, series: MetricSeries): Scoring {
  const scored = scoreViews(frame, series);
  const scores = series.values.map((_, at) => largestAt(scored, at)?.scores[at] ?? Number.NaN);
  return { scores, explain: (at) => evidenceOf(series, largestAt(scored, at), at) };
}

function evidenceOf({ metric, values }: MetricSeries, view: ScoredView | undefined, at: number): Evidence | undefined {
  if (!view) return undefined;
  const value = values[at]!;
  const nearestNormal = view.nearest[at]! + value - view.values[at]!;
  const evidence = { metric, view: view.name, value };
  if (!Number.isFinite(nearestNormal)) {
    return { ...evidence, nearestNormal: null, sentence: `${metric} has no earlier data points to compare with` };
  }
  const distance = formatValue(Math.abs(value - nearestNormal), metric);
  const side = value >= nearestNormal ? 'above' : 'below';
  const seen = view.name === 'value' ? 'the nearest value seen in 14 days' : `the nearest normal, by its ${view.name}`;
  return {
    ...evidence,
    nearestNormal,
    sentence: `${metric} ${formatValue(value, metric)} is ${distance} ${side} ${seen}`,
  };
}

/** The novelty gap: no training, no randomness, one sentence. Over several metrics the largest score counts. */
export const noveltyGap: Detector = {
  name: 'novelty-gap',
  threshold: DEFAULT_THRESHOLD,
  score: (frame) =>
    largestOf(
      frame.series.map((series) => scoreNovelty(frame, series)),
      frame.times.length,
    ),
};

/** Several scorings of the same points as one: at each point the largest score counts, with its evidence. */
export function largestOf(scorings: readonly Scoring[], length: number): Scoring {
  const winner = Int32Array.from({ length }, (_, at) =>
    scorings.reduce((best, { scores }, i) => {
      if (Number.isNaN(scores[at])) return best;
      return best < 0 || scores[at]! > scorings[best]!.scores[at]! ? i : best;
    }, -1),
  );
  return {
    scores: Float64Array.from(winner, (index, at) => scorings[index]?.scores[at] ?? Number.NaN),
    explain: (at) => scorings[winner[at] ?? -1]?.explain(at),
  };
}
