import { backoff } from '../instance/watch';
import { secondsBetween } from '../shared/clock';
import * as z from '../shared/schema';

export const seenSnapshotSchema = z.object({ snapshotId: z.string(), volumeId: z.string(), state: z.string() });
export type SeenSnapshot = z.output<typeof seenSnapshotSchema>;

/** The state of the wait for snapshots. */
export const snapshotLookSchema = z.object({
  since: z.string(),
  attempt: z.number(),
  verdict: z.enum(['WAITING', 'DONE', 'OVERDUE']),
  waitSeconds: z.number(),
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
  const since = previous?.since ?? now.toISOString();
  const attempt = (previous?.attempt ?? 0) + 1;
  const base = { since, attempt, waitSeconds: backoff(attempt), seen };
  if (seen.every(({ state }) => state === 'completed' || state === 'error')) return { ...base, verdict: 'DONE' };
  if (secondsBetween(since, now) < ceilingSeconds) return { ...base, verdict: 'WAITING' };
  return { ...base, verdict: 'OVERDUE' };
}
