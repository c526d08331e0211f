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

/** For each of some lags the last point at or before the instant that lies so far back; instants come in ascending order. */
class LookBack {
  /** The index for each lag; -1 while there is no such point. */
  readonly at: Int32Array;

  constructor(
    private readonly times: Float64Array,
    private readonly lags: readonly number[],
  ) {
    this.at = new Int32Array(lags.length).fill(-1);
  }

  moveTo(i: number): void {
    const { times, lags, at } = this;
    for (let k = 0; k < lags.length; k++) {
      const instant = times[i]! - lags[k]!;
      while (at[k]! + 1 < i && times[at[k]! + 1]! <= instant) at[k]!++;
    }
  }
}

/**
 * Where a series has a daily rhythm, judged by the points before each one: 1 where it has, 0 where not.
 * Without one, the same time on another day is not informative.
 */
export function dailyRhythm(times: Float64Array, values: Float64Array): Uint8Array {
  const back = new LookBack(times, [DAY_MS, ...OTHER_LAGS_MS]);
  const fade = Math.exp(-1 / RHYTHM_POINTS);
  const isDaily = new Uint8Array(values.length);
  let dayApart = 0;
  let hoursApart = 0;
  for (let i = 0; i < values.length; i++) {
    const hasHistory = times[i]! - times[0]! >= LEAST_HISTORY_MS;
    isDaily[i] = hasHistory && dayApart < RHYTHM_SHARE * hoursApart ? 1 : 0;
    back.moveTo(i);
    const oneDay = Math.abs(values[i]! - values[back.at[0]!]!);
    let sum = 0;
    let count = 0;
    for (let k = 1; k < back.at.length; k++) {
      const difference = Math.abs(values[i]! - values[back.at[k]!]!);
      if (!Number.isFinite(difference)) continue;
      sum += difference;
      count++;
    }
    if (!Number.isFinite(oneDay) || count === 0) continue;
    dayApart = dayApart * fade + oneDay;
    hoursApart = hoursApart * fade + sum / count;
  }
  return isDaily;
}

/**
 * Each value less the nearest one that was seen at about the same time on earlier days.
 * Missing (NaN) where fewer than three earlier days are known.
 */
export function lessSameTime(times: Float64Array, values: Float64Array): Float64Array {
  const lags = Array.from({ length: DAYS }, (_, day) => (day + 1) * DAY_MS);
  const back = new LookBack(times, lags);
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (let i = 0; i < values.length; i++) {
    back.moveTo(i);
    const slack = i > 0 ? Math.max(SLACK_MS, times[i]! - times[i - 1]!) : SLACK_MS;
    let nearest = Number.NaN;
    let days = 0;
    for (let k = 0; k < DAYS; k++) {
      const around = back.at[k]!;
      if (around < 0) break;
      const difference = nearestAround(times, values, around, i, times[i]! - lags[k]!, slack);
      if (Number.isNaN(difference)) continue;
      days++;
      if (!(Math.abs(difference) >= Math.abs(nearest))) nearest = difference;
    }
    if (days >= LEAST_DAYS) out[i] = nearest;
  }
  return out;
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
  let first = around + 1;
  while (first > 0 && times[first - 1]! >= instant - slack) first--;
  let best = Number.NaN;
  for (let j = first; j < i && times[j]! <= instant + slack; j++) {
    const difference = values[i]! - values[j]!;
    if (Number.isFinite(difference) && !(Math.abs(difference) >= Math.abs(best))) best = difference;
  }
  return best;
}
