import { SortedWindow } from './sorted-window';

/** One day in milliseconds. */
export const DAY_MS = 86_400_000;

/** Each value less the median of the `points` values that end with it; missing values stay missing. */
export function lessMedian(values: Float64Array, points: number): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  const ring: number[] = [];
  const window = new SortedWindow(points + 1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    window.add(value);
    ring.push(value);
    if (ring.length > points) window.remove(ring.shift()!);
    out[i] = value - window.quantile(0.5);
  }
  return out;
}

/** The mean of the last `points` values, the value itself included. */
export function rollingMean(values: Float64Array, points: number): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  const ring = new Float64Array(points);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    ring[count % points] = value;
    count++;
    const size = Math.min(count, points);
    // Added up anew each time: a running sum would carry its rounding along.
    let sum = 0;
    for (let k = 0; k < size; k++) sum += ring[k]!;
    out[i] = sum / size;
  }
  return out;
}

/** Each value less the one so many points before it; missing where either is. */
export function lessEarlier(values: Float64Array, points: number): Float64Array {
  return values.map((value, i) => (i >= points ? value - values[i - points]! : Number.NaN));
}

/** Each value less the one before it; missing where either is. */
export const lessPrevious = (values: Float64Array): Float64Array => lessEarlier(values, 1);

/** A span below this share of the widest one so far counts as this share: the log of 0 is not a number. */
const LEAST_SPAN = 1e-4;

/**
 * The log of the span (highest less lowest) of the last `points` values: it tells a series that falls silent,
 * or begins to swing, from one that does neither. Missing until there are that many values.
 */
export function logSpan(values: Float64Array, points: number): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  const window = new SortedWindow(points + 1);
  const ring: number[] = [];
  let widest = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    window.add(value);
    ring.push(value);
    if (ring.length > points) window.remove(ring.shift()!);
    if (ring.length < points) continue;
    const span = window.at(window.size - 1) - window.at(0);
    widest = Math.max(widest, span);
    if (widest > 0) out[i] = Math.log(span + LEAST_SPAN * widest);
  }
  return out;
}
