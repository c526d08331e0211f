import * as z from '../shared/schema';
import { lookAgain, waitSchema } from '../shared/wait';

export const seenSnapshotSchema = z.object({ snapshotId: z.string(), volumeId: z.string(), state: z.string() });
export type SeenSnapshot = z.output<typeof seenSnapshotSchema>;

/** The state of the wait for snapshots. */
export const snapshotLookSchema = z.extend(waitSchema, {
  verdict: z.enum(['WAITING', 'DONE', 'OVERDUE']),
  seen: z.array(seenSnapshotSchema),
});
export type SnapshotLook = z.output<typeof snapshotLookSchema>;

/**
 * States in which a snapshot stays unless somebody acts: `recoverable` is one that was deleted into the Recycle Bin, and
 * `missing` our word for one that EC2 no longer shows. Source: EC2 API reference, SnapshotState.
 */
const final = ['completed', 'error', 'recoverable', 'missing'];

/** A snapshot is found by its tag some seconds after it was made; EC2 is eventually consistent for minutes at most. */
const unseenSeconds = 300;

/**
 * One check: done when every snapshot is in a final state.
 * @param found those that EC2 lists now
 * @param requested those that were asked for; one that is not listed is pending at first, and missing later
 */
export function judgeSnapshots(
  found: readonly SeenSnapshot[],
  requested: readonly Omit<SeenSnapshot, 'state'>[],
  previous: SnapshotLook | undefined,
  now: Date,
  ceilingSeconds: number,
): SnapshotLook {
  const { wait, waited } = lookAgain(previous, now);
  const before = new Map(previous?.seen.map(({ snapshotId, state }) => [snapshotId, state]));
  // Two looks have to agree that it is gone.
  const stateOf = (id: string) => {
    if (waited <= unseenSeconds) return 'pending';
    return /^(unlisted|missing)$/.test(before.get(id) ?? '') ? 'missing' : 'unlisted';
  };
  const unseen = requested
    .filter(({ snapshotId }) => !found.some((one) => one.snapshotId === snapshotId))
    .map((one) => ({ ...one, state: stateOf(one.snapshotId) }));
  const base = { ...wait, seen: [...found, ...unseen] };
  if (base.seen.every(({ state }) => final.includes(state))) return { ...base, verdict: 'DONE' };
  return { ...base, verdict: waited < ceilingSeconds ? 'WAITING' : 'OVERDUE' };
}

/** What of the snapshots is not as the stage wants it, and what people have to know of what is. */
export interface Secured {
  missing: string[];
  notes: string[];
}
