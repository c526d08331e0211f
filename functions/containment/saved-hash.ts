import { createHash } from 'node:crypto';
import type { TimelineEntry } from '../record/incident';
import { membershipEntry } from '../record/store';
import { changeOf } from './saved';

/** SHA-256 (hexadecimal) of every state that an isolation saved, whatever the order in which they are read. Pure. */
export function hashOfSaved(timeline: readonly TimelineEntry[]): string {
  const saved = timeline
    .filter(({ key }) => changeOf(key) !== undefined || key === membershipEntry)
    .map(({ key, before }) => [key, inOrder(before ?? null)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(saved)).digest('hex');
}

/** The same value with sorted keys: DynamoDB keeps no order of a map's. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, inOrder(one)]);
}
