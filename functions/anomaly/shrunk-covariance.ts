/** Metrics together: their means and deviations, and how they go together. */
export interface Correlated {
  means: Float64Array;
  /** 0 for a metric that does not change. */
  deviations: Float64Array;
  correlation: Correlation;
}

/** The sums behind a correlation matrix, a row a metric, and the number of points in them. */
interface Correlation {
  sums: Float64Array[];
  points: number;
}

/** Below this share of its values' size a deviation is rounding, not change. */
const LEAST_DEVIATION = 1e-9;

/**
 * The metrics of a stretch together. A missing value counts as the mean.
 * @param from (in) and to (out), as indices
 */
export function correlated(series: readonly Float64Array[], from: number, to: number): Correlated {
  const size = series.length;
  const means = new Float64Array(size);
  const deviations = new Float64Array(size);
  const scaled = series.map((values, j) => {
    const { mean, deviation } = momentsOf(values, from, to);
    means[j] = mean;
    deviations[j] = deviation > LEAST_DEVIATION * Math.max(Math.abs(mean), LEAST_DEVIATION) ? deviation : 0;
    return scaledBy(values.subarray(from, to), mean, deviations[j]!);
  });
  const sums = Array.from({ length: size }, () => new Float64Array(size));
  for (let j = 0; j < size; j++) {
    for (let k = 0; k <= j; k++) {
      const shared = dot(scaled[j]!, scaled[k]!);
      sums[j]![k] = shared;
      sums[k]![j] = shared;
    }
  }
  return { means, deviations, correlation: { sums, points: to - from } };
}

/**
 * The inverse of a correlation.
 * @param shrink the share of the identity in it, above 0: it keeps the inverse calm where metrics repeat each other
 */
export function precisionOf({ sums, points }: Correlation, shrink: number): Float64Array[] {
  const shrunk = sums.map((row, j) => {
    const all = new Float64Array(row.length);
    for (let k = 0; k < row.length; k++) all[k] = ((1 - shrink) * row[k]!) / points + (j === k ? shrink : 0);
    return all;
  });
  return inverse(shrunk);
}

/** Values in standard deviations from their mean; what is missing, or does not change, is 0. */
function scaledBy(values: Float64Array, mean: number, deviation: number): Float64Array {
  const scaled = new Float64Array(values.length);
  if (deviation === 0) return scaled;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) scaled[i] = (value - mean) / deviation;
  }
  return scaled;
}

function momentsOf(values: Float64Array, from: number, to: number): { mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  for (let i = from; i < to; i++) {
    if (!Number.isFinite(values[i])) continue;
    count++;
    sum += values[i]!;
  }
  if (count === 0) return { mean: 0, deviation: 0 };
  const mean = sum / count;
  let squares = 0;
  for (let i = from; i < to; i++) if (Number.isFinite(values[i])) squares += (values[i]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / count) };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The inverse of a symmetric matrix without small eigenvalues, by Gauss and Jordan. */
function inverse(matrix: readonly Float64Array[]): Float64Array[] {
  const size = matrix.length;
  const left = matrix.map((row) => row.slice());
  const right = matrix.map((row, j) => {
    const unit = new Float64Array(row.length);
    unit[j] = 1;
    return unit;
  });
  for (let pivot = 0; pivot < size; pivot++) {
    const [own, ownRight] = [left[pivot]!, right[pivot]!];
    const scale = 1 / own[pivot]!;
    for (let k = 0; k < size; k++) {
      own[k]! *= scale;
      ownRight[k]! *= scale;
    }
    for (let row = 0; row < size; row++) {
      if (row !== pivot) subtract(left[row]!, right[row]!, own, ownRight, left[row]![pivot]!);
    }
  }
  return right;
}

function subtract(
  left: Float64Array,
  right: Float64Array,
  own: Float64Array,
  ownRight: Float64Array,
  factor: number,
): void {
  if (factor === 0) return;
  for (let k = 0; k < left.length; k++) {
    left[k]! -= factor * own[k]!;
    right[k]! -= factor * ownRight[k]!;
  }
}
