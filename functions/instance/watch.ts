import type { Snapshot, StatusChecks } from '../guard/snapshot';
import type { Conclusion } from '../record/conclusion';
import * as z from '../shared/schema';
import { lookAgain, waitSchema } from '../shared/wait';

export const goalSchema = z.enum(['stopped', 'running']);
export type Goal = z.output<typeof goalSchema>;

/** The state of a wait loop. It repeats after `waitSeconds` while the verdict is WAITING. */
export const pollSchema = z.extend(waitSchema, {
  goal: goalSchema,
  /** The number of consecutive reads that show the goal as reached. */
  agreed: z.number(),
  /** Whether the instance was seen on its way to running; until then a read of stopped may be stale. */
  wasUp: z.boolean(),
  /** The number of consecutive reads that show it back in the old state. */
  back: z.number(),
  state: z.string(),
  verdict: z.enum(['WAITING', 'REACHED', 'OVERDUE', 'WRONG']),
});
export type Poll = z.output<typeof pollSchema> & { conclusion?: Conclusion };

export interface Seen {
  snapshot: Snapshot;
  checks?: StatusChecks;
}

/** EC2 is eventually consistent, so one read proves nothing. */
const agreeingReads = 2;

/** Even an eventually consistent API should not return data older than this; in practice the lag is seconds. */
export const staleSeconds = 180;

/**
 * Seconds that bare metal gets in addition: it may take 40 minutes to stop, and as long to start, with its network and
 * checks after that. Sources: packer#6289, aws-sdk-go#2039 (stop), pycloudlib#192 (start).
 */
const metalExtra: Readonly<Record<Goal, number>> = { stopped: 1_800, running: 2_700 };

/** The time limit of a wait, by the kind of instance. */
export function ceilingOf(goal: Goal, instanceType: string, ceilingSeconds: number): number {
  return /\.metal(-|$)/.test(instanceType) ? ceilingSeconds + metalExtra[goal] : ceilingSeconds;
}

/**
 * One check of a wait loop.
 * @param previous the previous poll, if it had the same goal
 * @param ceilingSeconds the time after which the wait is OVERDUE
 */
export function look(
  goal: Goal,
  seen: Seen,
  previous: z.output<typeof pollSchema> | undefined,
  now: Date,
  ceilingSeconds: number,
): Poll {
  const before = previous?.goal === goal ? previous : undefined;
  const { wait, waited } = lookAgain(before, now);
  const { snapshot, checks } = seen;
  const isReached = goal === 'stopped' ? snapshot.state === 'stopped' : isHealthy(snapshot, checks);
  const agreed = isReached ? (before?.agreed ?? 0) + 1 : 0;
  const isDown = snapshot.state === 'stopped' || snapshot.state === 'stopping';
  const wasUp = (before?.wasUp ?? false) || !isDown;
  const isLate = waited >= staleSeconds;
  const back = goal === 'running' && isDown && (wasUp || isLate) ? (before?.back ?? 0) + 1 : 0;
  const waitSeconds = isReached || back > 0 ? 5 : wait.waitSeconds;
  const base = { ...wait, goal, agreed, wasUp, back, state: describeState(seen), waitSeconds };
  if (agreed >= agreeingReads) return { ...base, verdict: 'REACHED' };
  if (back >= agreeingReads) return { ...base, verdict: 'WRONG', conclusion: wentBackTo(snapshot) };
  if (waited < ceilingSeconds) return { ...base, verdict: 'WAITING' };
  return { ...base, verdict: 'OVERDUE', conclusion: overdue(goal, seen, ceilingSeconds) };
}

function isHealthy({ state }: Snapshot, checks: StatusChecks | undefined): boolean {
  return state === 'running' && checks?.system === 'ok' && checks.instance === 'ok';
}

function describeState({ snapshot, checks }: Seen): string {
  return checks
    ? `${snapshot.state}, system check ${checks.system}, instance check ${checks.instance}`
    : snapshot.state;
}

function wentBackTo({ state, stateReason }: Snapshot): Conclusion {
  const why = stateReason ? ` EC2 says: ${stateReason}.` : '';
  const reason = `The start was accepted, but the instance went back to ${state}.${why} Start it yourself.`;
  return { outcome: 'ESCALATED', code: 'did-not-start', reason };
}

function overdue(goal: Goal, seen: Seen, ceilingSeconds: number): Conclusion {
  const minutes = Math.round(ceilingSeconds / 60);
  if (goal === 'stopped') {
    return {
      outcome: 'ESCALATED',
      code: 'stop-hangs',
      reason: `The stop hangs: the instance is still ${seen.snapshot.state} after ${minutes} minutes.`,
    };
  }
  const reason = `The instance is still not healthy after ${minutes} minutes (${describeState(seen)}).`;
  return seen.snapshot.state === 'running'
    ? { outcome: 'FAILED', code: 'unhealthy-after-start', reason }
    : { outcome: 'ESCALATED', code: 'did-not-start', reason };
}
