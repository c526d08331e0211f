import { length, plural } from '../report/words';

/** Data points in ascending order of time, each time once, and what was changed for that. */
export interface Ordered {
  times: number[];
  values: number[];
  /** How many times were earlier than the one above. */
  backward: number;
  /** Data points with a time that occurs again: the last one counts. */
  twice: number;
}

/** Sorts data points by time. If several have the same time, the last one counts. Pure. */
export function inOrder(times: readonly number[], values: readonly number[]): Ordered {
  const order = [...times.keys()].sort((a, b) => times[a]! - times[b]! || a - b);
  const kept = order.filter((index, i) => times[index] !== times[order[i + 1] ?? -1]);
  return {
    times: kept.map((index) => times[index]!),
    values: kept.map((index) => values[index]!),
    backward: times.filter((time, i) => i > 0 && time < times[i - 1]!).length,
    twice: order.length - kept.length,
  };
}

/** The usual interval between two data points in milliseconds: the median, so that gaps do not matter; undefined for one point. */
export function stepOf(times: readonly number[]): number | undefined {
  const steps = times.slice(1).map((time, i) => time - times[i]!);
  return steps.sort((a, b) => a - b)[steps.length >> 1];
}

/** Irregularities in columns, and how they were handled. Columns of a CSV file share their times, and are counted once. */
export function remarksOn(columns: readonly { times: readonly number[]; ordered: Ordered }[]): string[] {
  const distinct = columns.filter((one, i) => columns.findIndex(({ times }) => times === one.times) === i);
  const sum = (of: (ordered: Ordered) => number, some = distinct) =>
    some.reduce((total, { ordered }) => total + of(ordered), 0);
  const backward = sum((one) => one.backward);
  const twice = sum((one) => one.twice);
  const missing = sum(({ values }) => values.filter(Number.isNaN).length, [...columns]);
  const gaps = distinct.flatMap(({ ordered }) => gapsOf(ordered.times));
  return [
    ...(backward > 0 ? [`rows were out of order in ${plural(backward, 'place')}: sorted`] : []),
    ...(twice > 0 ? [`${plural(twice, 'row')} had a duplicate timestamp: the last row counts`] : []),
    ...(missing > 0 ? [`${plural(missing, 'value')} missing or NaN: treated as missing data`] : []),
    ...(gaps.length > 0
      ? [`${plural(gaps.length, 'gap')}, the longest ${length(longest(gaps))}: treated as missing data`]
      : []),
  ];
}

const longest = (gaps: readonly number[]) => gaps.reduce((most, gap) => Math.max(most, gap), 0);

/** Periods without a row that are longer than two of the usual intervals. */
function gapsOf(times: readonly number[]): number[] {
  const usual = stepOf(times);
  if (usual === undefined) return [];
  return times.slice(1).flatMap((time, i) => (time - times[i]! > 2 * usual ? [time - times[i]!] : []));
}
