import { plural } from '../shared/plural';
import * as z from '../shared/schema';
import { type Change, changeSchema } from './change';

/** What CloudTrail says about the time before an incident. */
export const changesSchema = z.object({
  /** The names that were looked up, most telling first. */
  resources: z.array(z.string()),
  /** ISO 8601. */
  since: z.string(),
  /** When it was last looked up: later changes, and those that CloudTrail had not delivered yet, are not in it. */
  asOf: z.string(),
  /** Newest first. */
  changes: z.array(changeSchema),
  /** Why some of it is not known; nothing when all of it was read. */
  unknown: z.optional(z.string()),
});
export type Changes = z.output<typeof changesSchema>;

interface Begun {
  alarm?: { changedAt: string } | undefined;
  finding?: { updatedAt: string } | undefined;
  openedAt: string;
}

/** When the trouble was noticed: what minutes before and after are counted from. */
export const beganAt = ({ alarm, finding, openedAt }: Begun): Date =>
  new Date(alarm?.changedAt ?? finding?.updatedAt ?? openedAt);

/** At most so many are kept: more say nothing more to a person. */
const mostChanges = 10;

/** Each event once, newest first. */
export function newestOf(found: readonly Change[]): Change[] {
  const byId = new Map(found.map((change) => [change.id, change]));
  return [...byId.values()].sort((a, b) => b.at.localeCompare(a.at)).slice(0, mostChanges);
}

/** Joins two looks. */
export const mergeChanges = (earlier: Changes, later: Changes): Changes => ({
  ...later,
  changes: newestOf([...earlier.changes, ...later.changes]),
});

/** What changed, as one line for the notice and the record. @param happenedAt when the alarm or finding began */
export function tellChanges({ changes, asOf, since, unknown }: Changes, happenedAt: Date): string {
  const known = `as known at ${asOf.slice(11, 16)} UTC`;
  const gap = unknown ? ` Not everything could be read: ${unknown}` : '';
  if (changes.length === 0) {
    if (unknown) return `What changed is not known: ${unknown}`;
    return `CloudTrail has no change of the instance or what belongs to it since ${since.slice(11, 16)} UTC (${known}).`;
  }
  const [first, ...rest] = [...changes].sort((a, b) => distance(a, happenedAt) - distance(b, happenedAt));
  const more = rest.length === 0 ? '' : ` And ${plural(rest.length, 'more change')}.`;
  return `What changed (${known}): ${when(first!, happenedAt)}, ${tellChange(first!)}${more}${gap}`;
}

/** One change as a sentence, without its time. */
export function tellChange({ what, resource, detail, who, from, refused }: Change): string {
  const about = detail ? `${resource} (${detail})` : resource;
  return `${what} on ${about} by ${who} from ${from}${refused ? `, refused as ${refused}` : ''}.`;
}

const minutesFrom = ({ at }: Change, happenedAt: Date) => Math.round((happenedAt.getTime() - Date.parse(at)) / 60_000);
const distance = (change: Change, happenedAt: Date) => Math.abs(minutesFrom(change, happenedAt));

function when(change: Change, happenedAt: Date): string {
  const minutes = minutesFrom(change, happenedAt);
  if (minutes === 0) return 'in the same minute';
  return `${plural(Math.abs(minutes), 'minute')} ${minutes > 0 ? 'before' : 'after'}`;
}
