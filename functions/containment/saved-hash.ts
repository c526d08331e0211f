import { createHash } from 'node:crypto';
import type { TimelineEntry } from '../record/incident';
import { membershipEntry } from '../record/store';
import { changeOf } from './saved';

/** SHA-256 (hexadecimal) of every state that an isolation saved, whatever the order in which they are read. Pure. */
export function hashOfSaved(timeline: readonly TimelineEntry[]): string {
  return createHash('sha256')
    .update(JSON.stringify(savedIn(timeline)))
    .digest('hex');
}

/** Every state that an isolation saved, by its key, in an order that is always the same. Pure. */
export function savedIn(timeline: readonly TimelineEntry[]): [key: string, before: unknown][] {
  return timeline
    .filter(({ key }) => changeOf(key) !== undefined || key === membershipEntry)
    .map(({ key, before }): [string, unknown] => [key, inOrder(before ?? null)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The same value with sorted keys: DynamoDB keeps no order of a map's. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, inOrder(one)]);
}
