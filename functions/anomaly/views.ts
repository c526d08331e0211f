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
  let place = 0;
  let count = 0;
  // Added up anew each time it goes round, since a running sum would carry its rounding along; only its head is kept.
  let head = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    ring[place] = value;
    head = place === 0 ? value : head + value;
    if (count < points) count++;
    let sum = head;
    for (let k = place + 1; k < count; k++) sum += ring[k]!;
    out[i] = sum / count;
    place = place + 1 === points ? 0 : place + 1;
  }
  return out;
}

/** Each value less the one so many points before it; missing where either is. */
export function lessEarlier(values: Float64Array, points: number): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (let i = points; i < values.length; i++) out[i] = values[i]! - values[i - points]!;
  return out;
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
  const ring = new Float64Array(points);
  let count = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let widest = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    const gone = count < points ? Number.NaN : ring[count % points]!;
    ring[count % points] = value;
    count++;
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (gone === low || gone === high) {
      // An end of the span has left: only then are all values looked at.
      low = value;
      high = value;
      for (let k = 0; k < points; k++) {
        low = Math.min(low, ring[k]!);
        high = Math.max(high, ring[k]!);
      }
    }
    if (count < points) continue;
    widest = Math.max(widest, high - low);
    if (widest > 0) out[i] = Math.log(high - low + LEAST_SPAN * widest);
  }
  return out;
}
