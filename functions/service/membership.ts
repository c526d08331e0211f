import type { Conclusion } from '../record/conclusion';
import * as z from '../shared/schema';
import { lookAgain, waitSchema } from '../shared/wait';

/** Where an instance serves: its Auto Scaling group, and the target groups that it is registered with directly. */
export const membershipSchema = z.object({
  group: z.optional(z.string()),
  targets: z.array(z.object({ targetGroupArn: z.string(), port: z.optional(z.number()) })),
});
export type Membership = z.output<typeof membershipSchema>;

/** The state of a move out of service or back. */
export const moveSchema = z.extend(waitSchema, {
  verdict: z.enum(['WAITING', 'DONE', 'OVERDUE', 'REFUSED']),
  membership: membershipSchema,
  /** While it waits for its turn: whether another instance is down, and how often the others were seen healthy. */
  turn: z.optional(z.object({ busy: z.boolean(), reads: z.number() })),
});
export type PastMove = z.output<typeof moveSchema>;
export type Move = z.output<typeof moveSchema> & { conclusion?: Conclusion };

/** The health of a target whose group no longer exists. */
export const groupGone = 'without its target group, which was deleted';

/** The current state of each part of the membership. */
export interface ServiceState {
  /** The Auto Scaling lifecycle state, if there is a group; undefined if the instance is not, or no longer, in the group. */
  lifecycle?: string | undefined;
  /** The health of each target, in the order of the membership. */
  health: string[];
}

const words = { out: 'out of service', back: 'back in service' } as const;
const codes = { out: 'not-out-of-service', back: 'not-back-in-service' } as const;

/**
 * One check of a move.
 * @param direction `out`: Standby and deregistered; `back`: InService and healthy
 */
export function judgeMove(
  direction: keyof typeof words,
  membership: Membership,
  state: ServiceState,
  previous: z.output<typeof moveSchema> | undefined,
  now: Date,
  ceilingSeconds: number,
): Move {
  const { wait, waited } = lookAgain(previous, now);
  const base = { ...wait, membership };
  const wantedLifecycle = direction === 'out' ? 'Standby' : 'InService';
  const wantedHealth = direction === 'out' ? 'unused' : 'healthy';
  const isDone =
    (membership.group === undefined || state.lifecycle === wantedLifecycle) &&
    state.health.every((health) => health === wantedHealth || (direction === 'out' && health === groupGone));
  if (isDone) return { ...base, verdict: 'DONE' };
  // What waits only for a group that is gone waits for nothing.
  const isHopeless =
    state.health.includes(groupGone) &&
    state.health.every((one) => one === wantedHealth || one === groupGone) &&
    (membership.group === undefined || state.lifecycle === wantedLifecycle);
  if (waited < ceilingSeconds && !isHopeless) return { ...base, verdict: 'WAITING' };
  const found = [
    ...(membership.group ? [`Auto Scaling says ${state.lifecycle ?? 'unknown'}`] : []),
    ...state.health.map((one) => `target is ${one}`),
  ];
  const after = isHopeless ? '' : ` after ${Math.round(ceilingSeconds / 60)} minutes`;
  const reason = `The instance is not ${words[direction]}${after} (${found.join(', ')}).`;
  return {
    ...base,
    verdict: 'OVERDUE',
    conclusion: { outcome: 'ESCALATED', code: codes[direction], reason },
  };
}
