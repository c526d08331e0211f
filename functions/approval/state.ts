import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import type { Subject, Target } from './targets';

/** The fields of an execution's state that define each target. */
const states = {
  isolate: z.object({
    instanceId: z.string(),
    environment: z.object({
      interfaces: z.array(z.object({ networkInterfaceId: z.string() })),
      volumes: z.array(z.unknown()),
      addresses: z.array(z.unknown()),
    }),
    isolationPlan: z.object({
      detachAddresses: z.boolean(),
      swapProfile: z.boolean(),
      switchMetadataOff: z.optional(z.boolean()),
      endSessions: z.optional(z.boolean()),
      snapshotLock: z.optional(z.string()),
      evidenceAccountId: z.optional(z.string()),
    }),
  }),
  'revoke-sessions': z.object({
    instanceId: z.string(),
    environment: z.object({ profile: z.object({ arn: z.string() }) }),
  }),
  block: z.object({
    block: z.object({
      cidr: z.string(),
      minutes: z.number(),
      more: z.optional(z.array(z.object({ cidr: z.string() }))),
    }),
    eligibility: z.object({
      networkAclId: z.optional(z.string()),
      awsRanges: z.optional(z.array(z.object({ cidr: z.string(), what: z.string() }))),
    }),
  }),
  release: z.object({
    instanceId: z.string(),
    isolatedBy: z.string(),
    release: z.object({ changes: z.array(z.object({ kind: z.string() })) }),
  }),
  'move-host': z.object({
    instanceId: z.string(),
    eligibility: z.object({ planned: z.object({ code: z.string(), notBefore: z.optional(z.string()) }) }),
  }),
  install: z.object({
    instanceId: z.string(),
    request: z.object({ operation: z.literal('install'), reboot: z.enum(['RebootIfNeeded', 'NoReboot']) }),
  }),
} as const;

type States = { [S in Subject]: z.output<(typeof states)[S]> };

const targets: { [S in Subject]: (state: States[S]) => Target<S> } = {
  isolate: ({ instanceId, environment, isolationPlan }) => ({
    instanceId,
    networkInterfaceIds: environment.interfaces.map(({ networkInterfaceId }) => networkInterfaceId),
    volumes: environment.volumes.length,
    addresses: isolationPlan.detachAddresses ? environment.addresses.length : 0,
    swapProfile: isolationPlan.swapProfile,
    ...(isolationPlan.switchMetadataOff ? { switchMetadataOff: true } : {}),
    ...(isolationPlan.endSessions ? { endSessions: true } : {}),
    ...(isolationPlan.snapshotLock ? { snapshotLock: isolationPlan.snapshotLock } : {}),
    ...(isolationPlan.evidenceAccountId ? { evidenceAccountId: isolationPlan.evidenceAccountId } : {}),
  }),
  'revoke-sessions': ({ instanceId, environment }) => ({ instanceId, profileArn: environment.profile.arn }),
  block: ({ block, eligibility: { networkAclId, awsRanges } }) => ({
    cidrs: [block.cidr, ...(block.more ?? []).map(({ cidr }) => cidr)],
    minutes: block.minutes,
    ...(networkAclId ? { networkAclId } : {}),
    ...(awsRanges ? { awsRanges } : {}),
  }),
  release: ({ instanceId, isolatedBy, release }) => ({
    instanceId,
    isolatedBy,
    kinds: [...new Set(release.changes.map(({ kind }) => kind))],
  }),
  'move-host': ({ instanceId, eligibility: { planned } }) => ({ instanceId, ...planned }),
  install: ({ instanceId, request }) => ({ instanceId, reboot: request.reboot }),
};

/**
 * The target of a request, from the state of the requesting execution.
 * @throws InvalidInputError naming the missing field of the state
 */
export function targetIn<S extends Subject>(subject: S, incident: unknown): Target<S> {
  const state = parseWith(states[subject], incident, 'input.incident') as States[S];
  return (targets[subject] as (state: States[S]) => Target<S>)(state);
}
