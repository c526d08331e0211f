import { type Snapshot, stateSchema } from '../guard/snapshot';
import * as z from '../shared/schema';
import { lookAgain, waitSchema } from '../shared/wait';
import { staleSeconds } from './watch';

/** What this incident has done to the instance, according to its timeline. */
export interface Done {
  stopAsked: boolean;
  /** Taken out of service and not put back. */
  isOut: boolean;
}

/** The state found after a step failed, and what is done about it. */
export const compensationSchema = z.extend(waitSchema, {
  /** The number of consecutive reads that saw it running. */
  agreed: z.number(),
  state: stateSchema,
  leftStopped: z.boolean(),
  leftOutOfService: z.boolean(),
  /** Whether it has already been brought back once: a second failure escalates. */
  rescued: z.boolean(),
  rescue: z.enum(['LOOK_AGAIN', 'START', 'PUT_BACK', 'NONE']),
});
export type Compensation = z.output<typeof compensationSchema>;

/** A single read of running may be older than our stop request. */
const agreeingReads = 2;

/**
 * Checks once what a failure left behind.
 * After a stop request, the instance counts as running only if consecutive reads agree and are too late to be stale;
 * until then it is read again, and after the time limit it counts as left stopped.
 */
export function judgeCompensation(
  state: Snapshot['state'],
  { stopAsked, isOut }: Done,
  previous: Compensation | undefined,
  now: Date,
  ceilingSeconds: number,
): Compensation {
  const before = previous?.rescue === 'LOOK_AGAIN' ? previous : undefined;
  const { wait, waited } = lookAgain(before, now);
  const agreed = state === 'running' ? (before?.agreed ?? 0) + 1 : 0;
  const rescued = previous?.rescued ?? false;
  const isDown = state === 'stopping' || state === 'stopped';
  const runs = agreed >= agreeingReads && waited >= staleSeconds;
  const base = { ...wait, agreed, state, leftOutOfService: isOut };
  if (stopAsked && !isDown && !runs && waited < ceilingSeconds)
    return { ...base, leftStopped: true, rescued, rescue: 'LOOK_AGAIN' };
  const leftStopped = stopAsked && !runs;
  const rescue = rescued ? 'NONE' : leftStopped && isDown ? 'START' : isOut && !isDown ? 'PUT_BACK' : 'NONE';
  return { ...base, leftStopped, rescued: rescued || rescue !== 'NONE', rescue };
}
