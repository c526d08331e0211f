/** One metric on the frame's clock. `NaN` is a missing value. */
export interface MetricSeries {
  metric: string;
  values: Float64Array;
}

/** Several metrics on one clock: `times` in milliseconds since 1970, UTC, ascending, without duplicates. */
export interface Frame {
  times: Float64Array;
  series: readonly MetricSeries[];
}

/** Why a series cannot be judged; undefined if it can. "Unknown" is never "normal". */
export function whyUnknown(values: Float64Array): string | undefined {
  if (values.length === 0) return 'there are no data points';
  let first = Number.NaN;
  let known = 0;
  let changes = false;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    known++;
    if (known === 1) first = value;
    else if (value !== first) changes = true;
  }
  if (known === 0) return 'all data points are missing';
  if (known === 1) return 'there is only one data point';
  return changes ? undefined : `all ${known} data points have the same value`;
}
