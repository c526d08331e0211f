import type { Alarm } from '../alarm/alarm';

/** Lines are up to a quarter of an hour old when they come, and a minute passes until they can be searched. */
const lateMs = 16 * 60_000;
/** Of an alarm that does not say over what time it was evaluated. */
const usualMs = 15 * 60_000;
/** A search costs by what it reads: no alarm is looked at further back. */
const longestMs = 3 * 3_600_000;

/** Beginning and end of the lines that an alarm is about. */
export function windowOf(
  { changedAt, dataSince }: Pick<Alarm, 'changedAt' | 'dataSince'>,
  now: Date,
): { from: Date; to: Date } {
  const changed = Date.parse(changedAt);
  const since = Math.min(dataSince ? Date.parse(dataSince) : changed - usualMs, changed);
  return { from: new Date(Math.max(since - lateMs, changed - longestMs)), to: now };
}
