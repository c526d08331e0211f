/** Metrics together: their means and deviations, and the inverse of their shrunk correlation. */
export interface Together {
  means: Float64Array;
  /** 0 for a metric that does not change. */
  deviations: Float64Array;
  precision: Float64Array[];
}

/** Below this share of its values' size a deviation is rounding, not change. */
const LEAST_DEVIATION = 1e-9;

/**
 * The metrics of a stretch together. A missing value counts as the mean.
 * @param from (in) and to (out), as indices
 * @param shrink the share of the identity in the correlation, above 0: it keeps the inverse calm where metrics repeat each other
 */
export function conditioned(series: readonly Float64Array[], from: number, to: number, shrink: number): Together {
  const size = series.length;
  const means = new Float64Array(size);
  const deviations = new Float64Array(size);
  const scaled = series.map((values, j) => {
    const { mean, deviation } = momentsOf(values, from, to);
    means[j] = mean;
    deviations[j] = deviation > LEAST_DEVIATION * Math.max(Math.abs(mean), LEAST_DEVIATION) ? deviation : 0;
    const known = (value: number) => Number.isFinite(value) && deviations[j]! > 0;
    return values.slice(from, to).map((value) => (known(value) ? (value - mean) / deviation : 0));
  });
  const correlation = Array.from({ length: size }, () => new Float64Array(size));
  for (let j = 0; j < size; j++) {
    for (let k = 0; k <= j; k++) {
      const shared = ((1 - shrink) * dot(scaled[j]!, scaled[k]!)) / (to - from) + (j === k ? shrink : 0);
      correlation[j]![k] = shared;
      correlation[k]![j] = shared;
    }
  }
  return { means, deviations, precision: inverse(correlation) };
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
  const right = matrix.map((_, j) => Float64Array.from({ length: size }, (_one, k) => (j === k ? 1 : 0)));
  for (let pivot = 0; pivot < size; pivot++) {
    const scale = 1 / left[pivot]![pivot]!;
    for (let k = 0; k < size; k++) {
      left[pivot]![k]! *= scale;
      right[pivot]![k]! *= scale;
    }
    for (let row = 0; row < size; row++) {
      const factor = left[row]![pivot]!;
      if (row === pivot || factor === 0) continue;
      for (let k = 0; k < size; k++) {
        left[row]![k]! -= factor * left[pivot]![k]!;
        right[row]![k]! -= factor * right[pivot]![k]!;
      }
    }
  }
  return right;
}
