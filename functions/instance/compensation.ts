import { type Snapshot, stateSchema } from '../guard/snapshot';
import * as z from '../shared/schema';
import { lookAgain, waitSchema } from '../shared/wait';
import { staleSeconds } from './watch';

/** What this incident has done to the instance, as its timeline says. */
export interface Done {
  stopAsked: boolean;
  /** Taken out of service and not put back. */
  isOut: boolean;
}

/** What was found after a step failed, and what is done about it. */
export const compensationSchema = z.extend(waitSchema, {
  /** How many looks in a row saw it running. */
  agreed: z.number(),
  state: stateSchema,
  leftStopped: z.boolean(),
  leftOutOfService: z.boolean(),
  /** Whether it has been brought back once already: a second failure is a person's. */
  rescued: z.boolean(),
  rescue: z.enum(['LOOK_AGAIN', 'START', 'PUT_BACK', 'NONE']),
});
export type Compensation = z.output<typeof compensationSchema>;

/** One look that says running may be older than the stop that we asked for. */
const agreeingReads = 2;

/**
 * One look at what a failure left behind.
 * Once a stop was asked for, only looks that agree and that are too late to be stale make the instance one that runs;
 * until then it is looked at again, and after the ceiling it counts as left stopped.
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
