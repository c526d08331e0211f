import { scoreView } from '../../functions/anomaly/novelty';
import { judgePoints, type Labelled } from './nab-score';

/** One configuration of the novelty gap; with its threshold it is all that is chosen. */
export interface Choice {
  views: readonly string[];
  rank: number;
  ramp: number;
  /** Points of the echo's memory; 0 folds nothing. */
  echo: number;
}

/** The thresholds that may be chosen, ascending. */
export const thresholds = [
  0.08, 0.09, 0.1, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.17, 0.18, 0.19, 0.2, 0.21, 0.22, 0.23, 0.24, 0.25, 0.27, 0.3,
  0.35, 0.4,
] as const;

/** A series made ready to be scored by many choices: what each point is worth, and the scores of each view. */
export interface Prepared {
  name: string;
  windows: number;
  /** The first point that counts. */
  from: number;
  weight: Float64Array;
  /** The window a point is in; -1 outside. */
  owner: Int32Array;
  scoresOf: (view: string, rank: number, ramp: number) => Float32Array;
}

/** Makes a series ready; a view is scored once for all choices that use it. */
export function prepare(series: Labelled): Prepared {
  const { name, times, values, windows } = series;
  const judged = judgePoints(series, new Float64Array(values.length));
  const from = values.length - judged.length;
  const weight = new Float64Array(values.length);
  const owner = new Int32Array(values.length).fill(-1);
  judged.forEach((point, i) => {
    weight[from + i] = point.weight;
    if (point.window !== undefined) owner[from + i] = Number(point.window.slice(name.length + 1));
  });
  const kept = new Map<string, Float32Array>();
  const scoresOf = (view: string, rank: number, ramp: number) => {
    const key = `${view}|${rank}|${ramp}`;
    const known = kept.get(key);
    if (known) return known;
    const { scores } = scoreView(view, times, values, { points: 4032, rank, ramp });
    const clean = Float32Array.from(scores, (score) => (Number.isNaN(score) ? 0 : score));
    kept.set(key, clean);
    return clean;
  };
  return { name, windows: windows.length, from, weight, owner, scoresOf };
}

/**
 * What a series adds to the sum behind the NAB score at each threshold, from 0 (nothing found, nothing wrong)
 * to 2 a window.
 */
export function gainsOf(series: Prepared, { views, rank, ramp, echo }: Choice): Float64Array {
  const all = views.map((view) => series.scoresOf(view, rank, ramp));
  const fade = Math.exp(-1 / echo);
  const gains = new Float64Array(thresholds.length);
  const best = thresholds.map(() => new Float64Array(series.windows).fill(-1));
  let memory = 0;
  for (let i = 0; i < series.weight.length; i++) {
    let score = 0;
    for (const scores of all) score = Math.max(score, scores[i]!);
    const isEcho = score <= memory;
    memory = echo ? Math.max(memory * fade, score) : 0;
    if (isEcho || i < series.from) continue;
    const window = series.owner[i]!;
    const weight = series.weight[i]!;
    for (let k = 0; k < thresholds.length && thresholds[k]! <= score; k++) {
      if (window < 0) gains[k]! += weight;
      else if (weight > best[k]![window]!) best[k]![window] = weight;
    }
  }
  for (const [k, found] of best.entries()) for (const weight of found) gains[k]! += weight + 1;
  return gains;
}
