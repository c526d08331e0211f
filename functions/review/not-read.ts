import { alarmIn, type Placed, type PlacedAlarm } from './record';

/** Alarms of one account whose metrics a review does not know, so that it proposes no threshold for them. */
export interface NotRead extends Placed {
  alarmNames: string[];
  /** A clause, for example `there was no time`. */
  why: string;
}

/** Alarms for which no other threshold can be tried: told only where they are noisy, since a proposal would be expected. */
export const unfitWhy = 'no other threshold can be tried: deleted, on an expression, or going off below its threshold';

/** The maximum number of alarms to read series for: each needs weeks of datapoints, and memory. */
export const mostSeries = 300;

/** Of alarms beyond those. */
export const tooManyWhy = `a review reads ${mostSeries} alarms, noisy ones first`;

/** Alarms by account, with one reason for all of them. Pure. */
export function notReadOf(alarms: readonly PlacedAlarm[], why: string): NotRead[] {
  const found = new Map<string, NotRead>();
  for (const { alarmName, place } of alarms) {
    const key = place?.account ?? '';
    const one = found.get(key) ?? { ...(place ? { place } : {}), alarmNames: [], why };
    one.alarmNames.push(alarmName);
    found.set(key, one);
  }
  return [...found.values()];
}

/** What of it people should know. Pure. */
export function worthTelling(notRead: readonly NotRead[], noisy: readonly PlacedAlarm[]): NotRead[] {
  const isNoisy = new Set(noisy.map(alarmIn));
  return notRead
    .map((one) => {
      const { why, place, alarmNames } = one;
      const names =
        why === unfitWhy ? alarmNames.filter((name) => isNoisy.has(alarmIn({ alarmName: name, place }))) : alarmNames;
      return { ...one, alarmNames: names };
    })
    .filter(({ alarmNames }) => alarmNames.length > 0);
}
