import type { Evidence, Scoring } from './detectors/detector';
import type { MetricSeries } from './frame';
import { type GapOptions, noveltyGaps } from './gap';
import { namedViews, type View } from './named-views';

/** What the novelty gap looks at and how. */
export interface NoveltyOptions extends GapOptions {
  /** Names of views; the largest score over them counts. */
  views: readonly string[];
}

/** The default. Each part's worth, measured without the file it is measured on, is in docs/anomaly.md. */
export const defaultNovelty: NoveltyOptions = {
  views: ['value', 'mean-48', 'span-48', 'change-1', 'same-time'],
  points: 4032,
  rank: 2,
  ramp: 0.25,
};

/** One way of looking at a series, and how far each point is from what it saw before. */
export interface SeenView {
  view: View;
  seen: Float64Array;
  nearest: Float64Array;
  /** 1 where the point lies to the high side, -1 to the low one, 0 to neither. */
  lean: Int8Array;
  /** The novelty gap, 0 where the view has no say; the score is made of it. */
  gaps: Float64Array;
}

/** The same with a score for each point. */
export interface ScoredView extends SeenView {
  scores: Float64Array;
}

/** A gap of any size as a score: 0 stays 0, infinity becomes 1, and the order is kept. */
const toScore = (gap: number) => (gap === Number.POSITIVE_INFINITY ? 1 : gap / (1 + gap));

/** Looks at a series in one way. */
export function seeView(name: string, times: Float64Array, values: Float64Array, options: GapOptions): SeenView {
  const view = namedViews.get(name);
  if (!view) throw new RangeError(`there is no view named ${name}`);
  const seen = view.see(times, values);
  // One shape of options for all callers: the engine compiles the loop behind them once.
  const { points, rank, ramp, from = 0 } = options;
  const { relative: gaps, nearest, lean } = noveltyGaps(seen, { points, rank, ramp, from });
  const speaks = view.speaks?.(times, values);
  if (speaks) silence(gaps, speaks, from);
  return { view, seen, nearest, lean: leanOf(view, seen, lean, from), gaps };
}

/** Scores one view of a series. */
export function scoreView(name: string, times: Float64Array, values: Float64Array, options: GapOptions): ScoredView {
  const found = seeView(name, times, values, options);
  const { gaps } = found;
  const scores = new Float64Array(gaps.length);
  for (let at = 0; at < gaps.length; at++) scores[at] = toScore(gaps[at]!);
  return { ...found, scores };
}

/** What is known where the view has no say is 0. */
function silence(gaps: Float64Array, speaks: Uint8Array, from: number): void {
  for (let at = from; at < gaps.length; at++) if (speaks[at] === 0 && !Number.isNaN(gaps[at])) gaps[at] = 0;
}

/** Scores one series: how far each point is from anything seen before it, over all views. */
export function scoreNovelty(
  times: Float64Array,
  series: MetricSeries,
  options: NoveltyOptions = defaultNovelty,
): Scoring {
  const scored = options.views.map((name) => scoreView(name, times, series.values, options));
  const { from = 0 } = options;
  return {
    ...bestOf(series, scored, from),
    towards: (side, isFarOut) =>
      bestOf(
        series,
        scored.map((one) => towards(one, from, side, isFarOut)),
        from,
      ),
  };
}

/** At each point from `from` on the view with the largest score; before it the first view stands for all. */
function bestOf({ metric, values }: MetricSeries, scored: readonly ScoredView[], from: number): Scoring {
  const scores = scored[0]?.scores.slice() ?? new Float64Array(values.length).fill(Number.NaN);
  const winners = new Int8Array(values.length);
  for (let at = from; at < values.length; at++) {
    winners[at] = winnerAt(scored, at);
    scores[at] = scored[winners[at]!]?.scores[at] ?? Number.NaN;
  }
  return { scores, explain: (at) => evidenceOf(metric, values[at]!, scored[winners[at]!], at) };
}

/** A view with the scores of one side only: what is on the other side, or on none, is 0. */
function towards(
  scored: ScoredView,
  from: number,
  side: 'high' | 'low',
  isFarOut: (at: number) => boolean = () => true,
): ScoredView {
  const { view, lean } = scored;
  const wanted = side === 'high' ? 1 : -1;
  const scores = scored.scores.slice();
  for (let at = from; at < scores.length; at++) {
    const counts = lean[at] === wanted && (!view.isRelative || isFarOut(at));
    if (scores[at]! > 0 && !counts) scores[at] = 0;
  }
  return { ...scored, scores };
}

/** Of a view whose side is that of the nearest value, it is known already; a view without a side leans nowhere. */
function leanOf({ side }: View, seen: Float64Array, ofNearest: Int8Array, from: number): Int8Array {
  if (side === 'nearest') return ofNearest;
  const lean = new Int8Array(seen.length);
  if (side === undefined) return lean;
  for (let at = from; at < seen.length; at++) lean[at] = Math.sign(seen[at]!);
  return lean;
}

/** The index of the view with the largest score at a point; -1 when all are unknown. */
function winnerAt(scored: readonly ScoredView[], at: number): number {
  let best = -1;
  for (let index = 0; index < scored.length; index++) {
    const score = scored[index]!.scores[at]!;
    if (!Number.isNaN(score) && (best < 0 || score > scored[best]!.scores[at]!)) best = index;
  }
  return best;
}

/** The evidence of a point by the view that found it. */
export function evidenceOf(
  metric: string,
  value: number,
  winner: SeenView | undefined,
  at: number,
): Evidence | undefined {
  if (!winner) return undefined;
  const { view, seen, nearest } = winner;
  if (Number.isNaN(nearest[at]!)) {
    const sentence = `${metric} has no earlier data points to compare with`;
    return { metric, view: view.name, value, nearestNormal: null, sentence };
  }
  return { metric, view: view.name, value, ...view.explain({ metric, value, seen: seen[at]!, nearest: nearest[at]! }) };
}
