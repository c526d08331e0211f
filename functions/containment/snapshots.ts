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

/** One check: done when every snapshot has completed or failed. */
export function judgeSnapshots(
  seen: SeenSnapshot[],
  previous: SnapshotLook | undefined,
  now: Date,
  ceilingSeconds: number,
): SnapshotLook {
  const { wait, waited } = lookAgain(previous, now);
  const base = { ...wait, seen };
  if (seen.every(({ state }) => state === 'completed' || state === 'error')) return { ...base, verdict: 'DONE' };
  return { ...base, verdict: waited < ceilingSeconds ? 'WAITING' : 'OVERDUE' };
}
