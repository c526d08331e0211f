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
    state.health.every((health) => health === wantedHealth);
  if (isDone) return { ...base, verdict: 'DONE' };
  if (waited < ceilingSeconds) return { ...base, verdict: 'WAITING' };
  const found = [
    ...(membership.group ? [`Auto Scaling says ${state.lifecycle ?? 'unknown'}`] : []),
    ...state.health.map((one) => `target is ${one}`),
  ];
  const reason = `The instance is not ${words[direction]} after ${Math.round(ceilingSeconds / 60)} minutes (${found.join(', ')}).`;
  return {
    ...base,
    verdict: 'OVERDUE',
    conclusion: { outcome: 'ESCALATED', code: codes[direction], reason },
  };
}
