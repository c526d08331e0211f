import { oneLine } from '../shared/plain-text';
import { plural } from '../shared/plural';
import type { Deed } from './deed';
import type { Line } from './lines';
import type { Doings } from './look-up';

const mostNames = 8;
const timeOf = (at: string) => `${at.slice(11, 16)} UTC`;

/** Deeds by who did them, one sentence each. */
export function tellDeeds(deeds: readonly Deed[]): string[] {
  const groups = new Map<string, Deed[]>();
  for (const deed of deeds) {
    const key = JSON.stringify([deed.by.name, deed.what, deed.from, deed.refused]);
    groups.set(key, [...(groups.get(key) ?? []), deed]);
  }
  return [...groups.values()].map((all) => {
    const { at, what, about, from, region, by, refused } = all[0]!;
    const times = all.length > 1 ? ` ${all.length} times, first` : '';
    const on = about ? ` on ${about}` : '';
    return `${capital(by.name)} did ${what}${on}${times} at ${timeOf(at)} from ${from} in ${region}${refused ? `, refused as ${refused}` : ''}.`;
  });
}

/** `the root user` at the beginning of a sentence; names stay as they are. */
const capital = (name: string) => name.replace(/^the root user$/, 'The root user');

/** What an identity did besides: changes with their numbers, and how many reads. */
export function tellDoings(name: string, { deeds, isCut, unknown }: Doings, asOf: Date): string {
  const known = `as known at ${timeOf(asOf.toISOString())}`;
  const gap = unknown ? ` Not everything is known: ${unknown}` : '';
  if (deeds.length === 0 && unknown) return `What else ${name} did within the hour is not known: ${unknown}`;
  const changes = deeds.filter(({ readOnly }) => !readOnly);
  const reads = deeds.length - changes.length;
  const counts = new Map<string, number>();
  for (const { what, refused } of changes) {
    const label = refused ? `${what} (refused)` : what;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const shown = [...counts].slice(0, mostNames).map(([what, count]) => (count > 1 ? `${what} ${count} times` : what));
  const more = counts.size > mostNames ? ` and ${counts.size - mostNames} more kinds` : '';
  const what = shown.length > 0 ? `${shown.join(', ')}${more}` : 'no change';
  const least = isCut ? 'at least ' : '';
  return `Within the hour ${name} did (${known}): ${what}; ${least}${plural(reads, 'read')}.${gap}`;
}

/** Lines that are no records of CloudTrail: how many from where, and the first one. */
export function tellLines(lines: readonly Line[]): string {
  const streams = [...new Set(lines.map(({ stream }) => oneLine(stream).slice(0, 60)))];
  const from = `${streams.slice(0, 3).join(', ')}${streams.length > 3 ? ` and ${streams.length - 3} more` : ''}`;
  const first = lines[0]!;
  const when = timeOf(new Date(first.at).toISOString());
  return `${plural(lines.length, 'line')} of ${from}, the first at ${when}: ${oneLine(first.message).slice(0, 200)}`;
}
