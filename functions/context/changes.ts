import { plural } from '../shared/plural';
import * as z from '../shared/schema';
import { type Change, changeSchema } from './change';
import { withSenders } from './senders';

/** What is known about the time before an incident. */
export const changesSchema = z.object({
  /** The names that were looked up, most telling first. */
  resources: z.array(z.string()),
  /** Its role and profile, whose changes are in another region's history. */
  identities: z.optional(z.array(z.string())),
  /** ISO 8601. */
  since: z.string(),
  /** When it was last looked up: later changes, and those that CloudTrail had not delivered yet, are not in it. */
  asOf: z.string(),
  /** Newest first. */
  changes: z.array(changeSchema),
  /** Why some of it is not known; nothing when all of it was read. */
  unknown: z.optional(z.string()),
  /** Set once other services than CloudTrail were asked, whatever they answered. */
  isComplete: z.optional(z.literal(true)),
  /** The part of what is unknown that is not CloudTrail's, which no second look reads. */
  unknownElsewhere: z.optional(z.string()),
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

/** How far back a change is looked for. */
export const lookedBackMinutes = 90;

/** At most so many are kept: more say nothing more to a person. */
const mostChanges = 10;

/** Bytes that they may take: long names must not push the rest out of the incident's state. */
const mostBytes = 3_000;

/** Each event once, newest first, as many as there is room for. */
export function newestOf(found: readonly Change[]): Change[] {
  const byId = new Map(found.map((change) => [change.id, change]));
  const newest = withSenders([...byId.values()]).sort((a, b) => b.at.localeCompare(a.at));
  let bytes = 0;
  return newest.slice(0, mostChanges).filter((change) => {
    bytes += Buffer.byteLength(JSON.stringify(change));
    return bytes <= mostBytes;
  });
}

/** Joins two looks. */
export function mergeChanges(earlier: Changes, later: Changes): Changes {
  const { unknownElsewhere } = earlier;
  const unknown = joined(later.unknown, unknownElsewhere);
  // A second look that found nothing, and not everything, leaves what was known at the first.
  const { unknown: _, ...base } = later.unknown && later.changes.length === 0 ? earlier : later;
  return {
    ...base,
    changes: newestOf([...earlier.changes, ...later.changes]),
    ...(unknown ? { unknown } : {}),
    ...(unknownElsewhere ? { unknownElsewhere } : {}),
  };
}

/** Sentences as one text; nothing when there is none. */
const joined = (...sentences: (string | undefined)[]): string | undefined =>
  sentences.filter((one) => one !== undefined).join(' ') || undefined;

/** What changed, as one line for the notice and the record. @param happenedAt when the alarm or finding began */
export function tellChanges({ changes, asOf, since, unknown }: Changes, happenedAt: Date): string {
  const known = `as known at ${asOf.slice(11, 16)} UTC`;
  const gap = unknown ? ` Not everything could be read: ${unknown}` : '';
  if (changes.length === 0) {
    if (unknown) return `What changed is not known: ${unknown}`;
    return `CloudTrail has no change of the instance or what belongs to it since ${since.slice(11, 16)} UTC, and Auto Scaling, CodeDeploy and Systems Manager did nothing to it (${known}).`;
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

/** Adds what other services than CloudTrail say, and why some of that is not known. */
export function withElsewhere(
  changes: Changes,
  elsewhere: readonly Change[],
  unknowns: readonly (string | undefined)[],
): Changes {
  const unknownElsewhere = joined(changes.unknownElsewhere, ...unknowns);
  const unknown = joined(changes.unknown, ...unknowns);
  return {
    ...changes,
    changes: newestOf([...changes.changes, ...elsewhere]),
    ...(unknown ? { unknown } : {}),
    ...(unknownElsewhere ? { unknownElsewhere } : {}),
  };
}
