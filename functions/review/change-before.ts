import { type Change, changeSchema } from '../context/change';
import * as z from '../shared/schema';

/** What a review needs of the changes in a record. */
export const changesBeforeSchema = z.object({ changes: z.array(changeSchema) });

/** A change that came before most incidents of an instance: where to look first, and no proof of a cause. */
export interface ChangeBefore {
  /** For example `Deployment (shop) by user`. */
  what: string;
  /** How many of the incidents it came before. */
  incidents: number;
}

/** An incident with what was changed before and after it began. */
export interface WithChanges {
  openedAt: string;
  alarm?: { changedAt: string } | undefined;
  extra?: { changes?: z.output<typeof changesBeforeSchema> | undefined } | undefined;
}

/** Fewer than two prove nothing. */
const leastIncidents = 2;

/**
 * The change that came before more than half of some incidents; undefined if there is none. What AWS refused changed
 * nothing, and what came after an incident began did not start it. Pure.
 */
export function changeBefore(incidents: readonly WithChanges[]): ChangeBefore | undefined {
  const counts = new Map<string, number>();
  for (const incident of incidents)
    for (const kind of new Set(before(incident).map(kindOf))) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const [most] = [...counts].sort(([a, left], [b, right]) => right - left || a.localeCompare(b));
  if (!most || most[1] < leastIncidents || most[1] <= incidents.length / 2) return undefined;
  return { what: most[0], incidents: most[1] };
}

function before({ openedAt, alarm, extra }: WithChanges): Change[] {
  const began = alarm?.changedAt ?? openedAt;
  return (extra?.changes?.changes ?? []).filter(({ at, refused }) => refused === undefined && at <= began);
}

/** Changes are alike when they are the same action by the same role or user: sessions have other names each time. */
function kindOf({ what, who, detail, from }: Change): string {
  // Of a deployment the application says what was deployed; its ID and how it ended differ each time.
  const about = from === 'codedeploy.amazonaws.com' && detail ? ` (${detail.split(',')[0]})` : '';
  return `${what}${about} by ${who.split('/')[0]}`;
}

/** The change as a sentence's end; nothing when there is none. */
export const tellChangeBefore = (one: ChangeBefore | undefined, of: number): string =>
  one ? `; ${one.what} came before ${one.incidents} of ${of}` : '';
