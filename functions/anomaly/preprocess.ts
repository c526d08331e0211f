import type { RawSeries } from './collect';
import type { Frame, MetricSeries } from './frame';

/** A stretch of time, both ends in, in milliseconds since 1970. */
export type TimeWindow = readonly [from: number, to: number];

export interface PreprocessOptions {
  /** Milliseconds a step of the common clock. */
  stepMs: number;
  /** Earlier incidents: their points are no baseline, so they are taken out. */
  leaveOut?: readonly TimeWindow[];
}

/**
 * Brings metrics onto one clock: sorted, duplicates folded into the last one given, gaps and NaN as missing,
 * and the windows of earlier incidents taken out. The clock runs from the first to the last data point of any metric.
 */
export function preprocess(raw: readonly RawSeries[], options: PreprocessOptions): Frame {
  const { stepMs, leaveOut = [] } = options;
  const slots = (time: number) => Math.floor(time / stepMs);
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { times } of raw) {
    for (const time of times) {
      first = Math.min(first, slots(time));
      last = Math.max(last, slots(time));
    }
  }
  const length = last >= first ? last - first + 1 : 0;
  const times = Float64Array.from({ length }, (_, i) => (first + i) * stepMs);
  const isLeftOut = (time: number) => leaveOut.some(([from, to]) => time >= from && time <= to);
  const series = raw.map(({ metric, times: given, values: numbers }): MetricSeries => {
    const values = new Float64Array(length).fill(Number.NaN);
    given.forEach((time, i) => {
      const value = numbers[i] ?? Number.NaN;
      if (Number.isFinite(value) && !isLeftOut(time)) values[slots(time) - first] = value;
    });
    return { metric, values };
  });
  return { times, series };
}

/**
 * Turns a counter that only grows into its rate a second.
 * A fall means that the counter was reset (a reboot): the step across it is missing, not negative.
 */
export function toRates(times: Float64Array, counter: Float64Array): Float64Array {
  const rates = new Float64Array(counter.length).fill(Number.NaN);
  let before = -1;
  for (let i = 0; i < counter.length; i++) {
    if (!Number.isFinite(counter[i])) continue;
    if (before >= 0) {
      const grown = counter[i]! - counter[before]!;
      const seconds = (times[i]! - times[before]!) / 1000;
      if (grown >= 0 && seconds > 0) rates[i] = grown / seconds;
    }
    before = i;
  }
  return rates;
}
