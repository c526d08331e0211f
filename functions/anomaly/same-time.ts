import { DAY_MS } from './views';

/** Earlier days whose values at the same time are looked at, and the least of them for the view to say anything. */
const DAYS = 14;
const LEAST_DAYS = 3;

/** How far from the same time a value may lie, so that a job that starts a little early is no surprise. */
const SLACK_MS = 15 * 60_000;

/** Hours apart that stand for "another time of the day". */
const OTHER_LAGS_MS = [3, 6, 9, 12, 15, 18, 21].map((hours) => hours * 3_600_000);

/** Points over which the memory of the day's rhythm fades to 1/e: 14 days of 5-minute points. */
const RHYTHM_POINTS = 4032;

/** History before which nothing is said of a rhythm. */
const LEAST_HISTORY_MS = 5 * DAY_MS;

/** A series has a daily rhythm where values a day apart differ by less than this share of what values hours apart do. */
const RHYTHM_SHARE = 0.5;

/** Finds the last point at or before an instant that lies a fixed time back; instants come in ascending order. */
function lookBack(times: Float64Array, lag: number) {
  let cursor = -1;
  return (i: number): number => {
    while (cursor + 1 < i && times[cursor + 1]! <= times[i]! - lag) cursor++;
    return cursor;
  };
}

/**
 * Where a series has a daily rhythm, judged by the points before each one: 1 where it has, 0 where not.
 * Where it has none, the same time of another day says nothing.
 */
export function dailyRhythm(times: Float64Array, values: Float64Array): Uint8Array {
  const dayBack = lookBack(times, DAY_MS);
  const others = OTHER_LAGS_MS.map((lag) => lookBack(times, lag));
  const fade = Math.exp(-1 / RHYTHM_POINTS);
  let dayApart = 0;
  let hoursApart = 0;
  return Uint8Array.from(values, (value, i) => {
    const isDaily = times[i]! - times[0]! >= LEAST_HISTORY_MS && dayApart < RHYTHM_SHARE * hoursApart;
    const differences = others.map((back) => Math.abs(value - values[back(i)]!)).filter(Number.isFinite);
    const difference = Math.abs(value - values[dayBack(i)]!);
    if (Number.isFinite(difference) && differences.length > 0) {
      dayApart = dayApart * fade + difference;
      hoursApart = hoursApart * fade + differences.reduce((sum, one) => sum + one, 0) / differences.length;
    }
    return isDaily ? 1 : 0;
  });
}

/**
 * Each value less the nearest one that was seen at about the same time on earlier days.
 * Missing (NaN) where fewer than three earlier days are known.
 */
export function lessSameTime(times: Float64Array, values: Float64Array): Float64Array {
  const backs = Array.from({ length: DAYS }, (_, day) => lookBack(times, (day + 1) * DAY_MS));
  return values.map((_, i) => {
    const slack = i > 0 ? Math.max(SLACK_MS, times[i]! - times[i - 1]!) : SLACK_MS;
    const differences = backs
      .map((back, day) => nearestAround(times, values, back(i), i, times[i]! - (day + 1) * DAY_MS, slack))
      .filter(Number.isFinite);
    if (differences.length < LEAST_DAYS) return Number.NaN;
    return differences.reduce((best, one) => (Math.abs(one) < Math.abs(best) ? one : best));
  });
}

/** The smallest difference between the value at `i` and those within `slack` of an instant; NaN when there are none. */
function nearestAround(
  times: Float64Array,
  values: Float64Array,
  around: number,
  i: number,
  instant: number,
  slack: number,
): number {
  let best = Number.NaN;
  const look = (j: number) => {
    const difference = values[i]! - values[j]!;
    if (Number.isFinite(difference) && !(Math.abs(difference) >= Math.abs(best))) best = difference;
  };
  for (let j = around; j >= 0 && times[j]! >= instant - slack; j--) look(j);
  for (let j = around + 1; j < i && times[j]! <= instant + slack; j++) look(j);
  return best;
}
