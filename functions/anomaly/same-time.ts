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

/** For each point and each of some lags the last point at or before the instant that lies so far back; -1 where there is none. */
function pointsBack(times: Float64Array, lags: readonly number[]): Int32Array {
  const found = new Int32Array(times.length * lags.length);
  for (let k = 0; k < lags.length; k++) {
    const lag = lags[k]!;
    let at = -1;
    for (let i = 0; i < times.length; i++) {
      const instant = times[i]! - lag;
      while (at + 1 < i && times[at + 1]! <= instant) at++;
      found[i * lags.length + k] = at;
    }
  }
  return found;
}

/** What depends on the clock alone is found once for all metrics of a frame. */
function onceForClock<T>(find: (times: Float64Array) => T): (times: Float64Array) => T {
  const known = new WeakMap<Float64Array, T>();
  return (times) => {
    const found = known.get(times) ?? find(times);
    known.set(times, found);
    return found;
  };
}

const RHYTHM_LAGS_MS = [DAY_MS, ...OTHER_LAGS_MS];
const rhythmPoints = onceForClock((times) => pointsBack(times, RHYTHM_LAGS_MS));

/**
 * Where a series has a daily rhythm, judged by the points before each one: 1 where it has, 0 where not.
 * Without one, the same time on another day is not informative.
 */
export function dailyRhythm(times: Float64Array, values: Float64Array): Uint8Array {
  return rhythmOf(times, values, rhythmPoints(times));
}

function rhythmOf(times: Float64Array, values: Float64Array, back: Int32Array): Uint8Array {
  const fade = Math.exp(-1 / RHYTHM_POINTS);
  const lags = RHYTHM_LAGS_MS.length;
  const isDaily = new Uint8Array(values.length);
  let dayApart = 0;
  let hoursApart = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const hasHistory = times[i]! - times[0]! >= LEAST_HISTORY_MS;
    isDaily[i] = hasHistory && dayApart < RHYTHM_SHARE * hoursApart ? 1 : 0;
    const oneDay = differenceTo(values, back[i * lags]!, value);
    let sum = 0;
    let count = 0;
    for (let k = 1; k < lags; k++) {
      const difference = differenceTo(values, back[i * lags + k]!, value);
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

const differenceTo = (values: Float64Array, at: number, value: number) =>
  at < 0 ? Number.NaN : Math.abs(value - values[at]!);

/** For each point and each earlier day the first point (in) and the last (out) at about the same time; -1 where there is no such day. */
const sameTimes = onceForClock((times) => {
  const lags = Array.from({ length: DAYS }, (_, day) => (day + 1) * DAY_MS);
  const back = pointsBack(times, lags);
  const first = new Int32Array(back.length).fill(-1);
  const last = new Int32Array(back.length);
  for (let i = 0; i < times.length; i++) {
    const slack = i > 0 ? Math.max(SLACK_MS, times[i]! - times[i - 1]!) : SLACK_MS;
    for (let k = 0; k < DAYS && back[i * DAYS + k]! >= 0; k++) {
      const instant = times[i]! - lags[k]!;
      let from = back[i * DAYS + k]! + 1;
      let to = from;
      while (from > 0 && times[from - 1]! >= instant - slack) from--;
      while (to < i && times[to]! <= instant + slack) to++;
      first[i * DAYS + k] = from;
      last[i * DAYS + k] = to;
    }
  }
  return { first, last };
});

/**
 * Each value less the nearest one that was seen at about the same time on earlier days.
 * Missing (NaN) where fewer than three earlier days are known.
 */
export function lessSameTime(times: Float64Array, values: Float64Array): Float64Array {
  const { first, last } = sameTimes(times);
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) out[i] = nearestOf(values, value, first, last, i * DAYS);
  }
  return out;
}

/** The smallest difference between a value and those at the same time on earlier days; NaN when too few days are known. */
function nearestOf(values: Float64Array, value: number, first: Int32Array, last: Int32Array, row: number): number {
  let nearest = Number.NaN;
  let least = Number.POSITIVE_INFINITY;
  let days = 0;
  for (let k = row; k < row + DAYS && first[k]! >= 0; k++) {
    let isKnown = 0;
    for (let j = first[k]!; j < last[k]!; j++) {
      const difference = value - values[j]!;
      if (Number.isFinite(difference)) isKnown = 1;
      if (Math.abs(difference) < least) {
        least = Math.abs(difference);
        nearest = difference;
      }
    }
    days += isKnown;
  }
  return days >= LEAST_DAYS ? nearest : Number.NaN;
}
