import { type Correlated, correlated, precisionOf } from './shrunk-covariance';

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
  /** How far the covariance is drawn towards metrics that know nothing of each other, 0 to 1: once for each result. */
  shrinks: readonly number[];
}

/** A model of fewer points says little. */
const LEAST_POINTS = 100;

/**
 * How far each metric is from what the other metrics say it should be. A model of the covariance is made anew at each block,
 * of the points before it, so no later point is looked at. A missing metric tells the others nothing.
 * @returns for each shrink what each metric is
 */
export function givenOthers(series: readonly Float64Array[], options: GivenOthersOptions): GivenOthers[][] {
  const { block, window, shrinks } = options;
  const length = series[0]?.length ?? 0;
  const unknown = () => new Float64Array(length).fill(Number.NaN);
  const found = shrinks.map(() => series.map(() => ({ distance: unknown(), expected: unknown() })));
  for (let from = block; from < length; from += block) {
    if (from < LEAST_POINTS) continue;
    const to = Math.min(from + block, length);
    const model = correlated(series, Math.max(0, from - window), from);
    const scaled = scaledRows(series, model, from, to);
    shrinks.forEach((shrink, s) => {
      const precision = precisionOf(model.correlation, shrink);
      series.forEach((values, j) => {
        const deviation = model.deviations[j]!;
        if (deviation > 0) tell(found[s]![j]!, values, scaled, precision[j]!, { j, deviation, from, to });
      });
    });
  }
  return found;
}

/** The points of a block, all metrics of a point side by side, in standard deviations; what is missing is 0. */
function scaledRows(
  series: readonly Float64Array[],
  { means, deviations }: Correlated,
  from: number,
  to: number,
): Float64Array {
  const size = series.length;
  const rows = new Float64Array((to - from) * size);
  for (let j = 0; j < size; j++) {
    const values = series[j]!;
    const mean = means[j]!;
    const deviation = deviations[j]!;
    if (deviation === 0) continue;
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      if (Number.isFinite(value)) rows[(i - from) * size + j] = (value - mean) / deviation;
    }
  }
  return rows;
}

/** Notes what the others say of one metric in a block, by its row of the precision. */
function tell(
  { distance, expected }: GivenOthers,
  values: Float64Array,
  rows: Float64Array,
  precision: Float64Array,
  { j, deviation, from, to }: { j: number; deviation: number; from: number; to: number },
): void {
  const size = precision.length;
  const own = precision[j]!;
  const root = Math.sqrt(own);
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    const row = (i - from) * size;
    let sum = 0;
    for (let k = 0; k < size; k++) sum += precision[k]! * rows[row + k]!;
    distance[i] = sum / root;
    expected[i] = value - (sum / own) * deviation;
  }
}
