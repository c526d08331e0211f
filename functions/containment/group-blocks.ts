import { assertInTurn } from '../guard/in-turn';
import { step } from '../incident/ending-step';
import type { Conclusion } from '../record/conclusion';
import { writeEntry } from '../record/store';
import { BusyError } from '../shared/aws-errors';
import * as z from '../shared/schema';
import type { StepTools } from '../shared/step';
import {
  beginGroup,
  countOver,
  type Group,
  hasWaited,
  isAsking,
  isComplete,
  isOpen,
  joinGroup,
  readGroup,
  sealGroup,
  sizeOf,
} from './block-group';
import { addressesOf, type BlockingIncident, blockingIncidentSchema } from './blocking';
import { type Address, addressSchema } from './blocks';
import { readGroupLimit } from './settings';

const incidentSchema = z.extend(blockingIncidentSchema, {
  eligibility: z.optional(
    z.looseObject({ addresses: z.optional(z.array(addressSchema)), awsRanges: z.optional(z.array(z.unknown())) }),
  ),
});
const input = z.object({ incident: incidentSchema });

/** How long until the leader looks again, in seconds. */
const waitSeconds = 15;
/** How often a lost race for the group is tried again before Step Functions does. */
const tries = 8;

/**
 * Brings findings and alarms about addresses together, so that people get one request for all of them. The first one's execution
 * is the leader: it waits a minute after the latest finding, four at most, and asks; the others end with its incident as
 * their reason. One request awaits its answer at a time; later findings wait for the next. A manual start asks at once.
 * Idempotent: called again, it continues where it was.
 */
export const handler = step('group-blocks', input, async ({ incident }, tools) => {
  const { trigger, drill, incidentId, block } = incident;
  const { minutes } = block;
  const sources = block.sources ? { sources: block.sources } : {};
  const { addresses: eligible, awsRanges } = incident.eligibility ?? {};
  // A request that two people have to approve does not hold the others up.
  if (trigger === 'manual' || awsRanges)
    return { ...alone(eligible ?? addressesOf(incident), minutes), ...sources, verdict: 'READY' };
  const { clock, config } = tools;
  await assertInTurn(incident, config);
  const addresses = eligible ?? addressesOf(incident);
  const end = (found: object) => ({ ...block, ...found });
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const now = clock.now();
    const asking = await readGroup('ASKING', drill, config);
    const group = await readGroup('COLLECTING', drill, config);
    if (group?.leader === incidentId || asking?.leader === incidentId) {
      const ready = await lead(group?.leader === incidentId ? group : asking!, asking, incident, tools);
      return ready
        ? { ...blockOf(ready, minutes), ...sources, verdict: 'READY' as const }
        : end({ verdict: 'WAIT', waitSeconds });
    }
    const isKnown = asking !== undefined && addresses.every(({ cidr }) => asking.members[cidr]);
    if (isKnown && (await isAsking(asking, now, config))) return end(await joined(asking, addresses, incident, tools));
    const joining = { incidentId, drill, addresses };
    if (!group || group.sealedAt || !(await isOpen(group.leader, config))) {
      if (await beginGroup(joining, group, now, config)) return end({ verdict: 'WAIT', waitSeconds });
      continue;
    }
    const missing = addresses.filter(({ cidr }) => !group.members[cidr]);
    const limit = readGroupLimit();
    if (missing.length === 0 || (await joinGroup({ ...joining, addresses: missing }, group, limit, now, config)))
      return end(await joined(group, addresses, incident, tools));
    if (Object.keys(group.members).length + missing.length > limit)
      return end(await overLimit(group, missing, incident, tools));
  }
  throw new BusyError('Other findings changed the group each time that this one was about to join it.');
});

/** The leader asks once its group is complete and no other request awaits its answer. @returns the group to ask about */
async function lead(
  group: Group,
  asking: Group | undefined,
  incident: BlockingIncident,
  { clock, config }: StepTools,
): Promise<Group | undefined> {
  const now = clock.now();
  const isSealed = group.sealedAt !== undefined;
  if (!isSealed && !isComplete(group, readGroupLimit(), now)) return undefined;
  const isOthers = asking !== undefined && asking.leader !== incident.incidentId;
  if (isOthers && !hasWaited(group, now) && (await isAsking(asking, now, config))) return undefined;
  return isSealed ? group : sealGroup(group, asking, incident.drill, now, config);
}

function alone([first, ...more]: readonly Address[], minutes: number) {
  return { ...first!, minutes, ...(more.length > 0 ? { more } : {}) };
}

/** The addresses of a group, as the request and the changes have them, and the size of the storm if there is one. */
function blockOf(group: Group, minutes: number) {
  const addresses = Object.values(group.members).map(({ cidr, family }): Address => ({ cidr, family }));
  const sorted = addresses.sort((a, b) => (a.cidr < b.cidr ? -1 : 1));
  const storm = { since: group.since, addresses: sizeOf(group) };
  return { ...alone(sorted, minutes), ...(storm.addresses > 1 ? { storm } : {}) };
}

/** The leader's timeline lists every address with its incident, so that any notice about it does, even after a crash. */
async function joined(
  group: Group,
  addresses: readonly Address[],
  incident: BlockingIncident,
  { clock, config }: StepTools,
) {
  const at = clock.now().toISOString();
  for (const { cidr } of addresses) {
    const what = `${cidr} joined this request (incident ${incident.incidentId}).`;
    await writeEntry(group.leader, { key: `joined#${cidr}`, at, what }, config);
  }
  const cidrs = addresses.map(({ cidr }) => cidr).join(', ');
  const reason = `Incident ${group.leader} requests approval to block ${cidrs} together with other addresses.`;
  return { verdict: 'JOINED', conclusion: { outcome: 'SKIPPED', code: 'grouped', reason } satisfies Conclusion };
}

/** What finds no place is told, once an hour, with the number so far. */
async function overLimit(
  { leader, since }: Group,
  missing: readonly Address[],
  incident: BlockingIncident,
  { config }: StepTools,
) {
  const count = await countOver(incident.drill, missing.length, config);
  const cidrs = missing.map(({ cidr }) => cidr).join(', ');
  const reason = `Findings and alarms since ${since} name more than ${readGroupLimit()} addresses, which is all that one request for approval covers (incident ${leader}). Not part of it: ${cidrs}; ${count} so far. Block a range, or at the edge of the network.`;
  return { verdict: 'FULL', conclusion: { outcome: 'ESCALATED', code: 'group-full', reason } satisfies Conclusion };
}
