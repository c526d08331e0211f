import { conditioned } from './shrunk-covariance';

/** What a metric is at a point when the others are known: how far from what they say, and the value that they say. */
export interface GivenOthers {
  /** The distance in standard deviations of what the others leave open; NaN where the metric or a model is missing. */
  distance: Float64Array;
  /** The value that the other metrics say, in the metric's own unit. */
  expected: Float64Array;
}

export interface GivenOthersOptions {
  /** Points between two models, and the points each model sees. */
  block: number;
  window: number;
  /** How far the covariance is drawn towards metrics that know nothing of each other, 0 to 1. */
  shrink: number;
}

/** A model of fewer points says little. */
const LEAST_POINTS = 100;

/**
 * How far each metric is from what the other metrics say it should be. A model of the covariance is made anew at each block,
 * of the points before it, so no later point is looked at. A missing metric tells the others nothing.
 */
export function givenOthers(series: readonly Float64Array[], options: GivenOthersOptions): GivenOthers[] {
  const { block, window, shrink } = options;
  const length = series[0]?.length ?? 0;
  const found = series.map(() => ({
    distance: new Float64Array(length).fill(Number.NaN),
    expected: new Float64Array(length).fill(Number.NaN),
  }));
  const z = new Float64Array(series.length);
  for (let from = block; from < length; from += block) {
    if (from < LEAST_POINTS) continue;
    const { means, deviations, precision } = conditioned(series, Math.max(0, from - window), from, shrink);
    for (let i = from; i < Math.min(from + block, length); i++) {
      series.forEach((values, j) => {
        const known = Number.isFinite(values[i]) && deviations[j]! > 0;
        z[j] = known ? (values[i]! - means[j]!) / deviations[j]! : 0;
      });
      series.forEach((values, j) => {
        if (!Number.isFinite(values[i]) || deviations[j] === 0) return;
        const row = precision[j]!;
        let sum = 0;
        for (let k = 0; k < z.length; k++) sum += row[k]! * z[k]!;
        found[j]!.distance[i] = sum / Math.sqrt(row[j]!);
        found[j]!.expected[i] = values[i]! - (sum / row[j]!) * deviations[j]!;
      });
    }
  }
  return found;
}
