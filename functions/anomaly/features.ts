import type { Matrix } from './forest/forest';
import type { Frame } from './frame';
import { lessMedian, rollingMean } from './views';

/** Rows of a frame that have every feature, and where in the frame each row is. */
export interface FeatureRows {
  matrix: Matrix;
  at: Int32Array;
}

/**
 * The features an isolation forest sees. Several metrics: their values together, which is what a forest is for.
 * One metric: its value, and that value against its recent past, since a single number has no company.
 */
export function featuresOf(frame: Frame): Float64Array[] {
  const [only] = frame.series;
  if (frame.series.length > 1 || !only) return frame.series.map(({ values }) => values);
  const { values } = only;
  return [
    values,
    changes(values),
    lessMedian(values, 12),
    lessMedian(values, 48),
    rollingMean(values, 12),
    rollingMean(values, 48),
  ];
}

/** Rows from `from` (in) to `to` (out) where no feature is missing. */
export function rowsOf(features: readonly Float64Array[], from: number, to: number): FeatureRows {
  const at: number[] = [];
  for (let i = from; i < to; i++) if (features.every((feature) => Number.isFinite(feature[i]))) at.push(i);
  const data = new Float64Array(at.length * features.length);
  at.forEach((i, row) => {
    features.forEach((feature, column) => {
      data[row * features.length + column] = feature[i]!;
    });
  });
  return { matrix: { rows: at.length, columns: features.length, data }, at: Int32Array.from(at) };
}

/** Each value less the last known one before it; 0 for the first. */
function changes(values: Float64Array): Float64Array {
  let before = Number.NaN;
  return values.map((value) => {
    if (!Number.isFinite(value)) return Number.NaN;
    const change = Number.isNaN(before) ? 0 : value - before;
    before = value;
    return change;
  });
}
