import {
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  ModifyNetworkInterfaceAttributeCommand,
  type NetworkInterface,
} from '@aws-sdk/client-ec2';
import { assertNotProtected, toTags } from '../guard/tags';
import { leasedIncidentSchema } from '../record/leased-incident';
import { hasEntry, readEntry, writeEntry } from '../record/store';
import { askAgain } from '../shared/ask-again';
import { ec2 } from '../shared/clients/ec2';
import { PlaybookError } from '../shared/errors';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { type StepTools, step } from '../shared/step';
import { toInterface } from './describe';
import type { Interface } from './environment';
import { type GroupPair, groupPairSchema, NotVerifiedError } from './group-rules';
import { assertMayIsolate } from './may-isolate';
import { saveBefore } from './save-before';
import { beforeSchemas, changeKey, incidentTag, quarantineGroupTag } from './saved';

/** The network interface is not attached to the incident's instance. */
export class NotItsInterfaceError extends PlaybookError {}
/** The network interface belongs to an AWS service, and only that service can change it. */
export class ServiceInterfaceError extends PlaybookError {}
/** The security groups in the input are not those that the incident created. */
export class NotItsGroupsError extends PlaybookError {}

const input = z.object({
  incident: z.extend(leasedIncidentSchema, { quarantine: z.object({ pairs: z.array(groupPairSchema) }) }),
  networkInterfaceId: z.string(),
  /** untrack: all traffic is allowed, so that no flow stays tracked. cut: none is. put-back: as it was, if the cut fails. */
  phase: z.enum(['untrack', 'cut', 'put-back']),
});

/**
 * One phase of the two-step quarantine of a network interface; each is read back. Idempotent; the original groups are
 * saved first, and a release restores them.
 * @throws NotItsInterfaceError, NotItsGroupsError if the input names resources of another incident
 */
export const handler = step('quarantine-interface', input, async (asked, tools) => {
  const { incident, networkInterfaceId, phase } = asked;
  const { incidentId, quarantine } = incident;
  const saved = (await readEntry(incidentId, changeKey('interface', networkInterfaceId), tools.config))?.before;
  const described = await describeSettled(networkInterfaceId, saved, phase);
  const now = toInterface(described);
  if (now.isManaged)
    throw new ServiceInterfaceError(
      `${networkInterfaceId} belongs to an AWS service, and only that service can change it.`,
    );
  const pair = quarantine.pairs.find(({ vpcId }) => vpcId === now.vpcId);
  if (!pair) throw new NotVerifiedError(`There are no quarantine groups in ${now.vpcId}.`);
  const isOpened = sameGroups(now.groupIds, [pair.openGroupId]);
  const isClosed = sameGroups(now.groupIds, [pair.closedGroupId]);
  // An opened interface gets its own groups back wherever it is attached now; other phases need the incident's instance.
  if (phase !== 'put-back') assertAttachedTo(incident.instanceId, described);
  if (isClosed && phase !== 'put-back') return { networkInterfaceId, phase };
  // Without a record nothing was opened. With one, the groups are set again even if they look right: it must never stay open.
  if (phase === 'put-back' && !isOpened && (saved === undefined || isClosed)) return { networkInterfaceId, phase };
  await assertItsGroups(incidentId, pair);
  // Only the record, which a guarded attempt wrote, proves that we opened it: the input proves nothing.
  if (isOpened && saved === undefined)
    throw new NotItsInterfaceError(`The record of ${incidentId} does not say that it opened ${networkInterfaceId}.`);
  // An interface that we opened is closed or restored whatever the guards say now: it must never stay open.
  if (!isOpened && phase !== 'put-back') {
    await assertMayIsolate(incident, tools);
    assertNotProtected(toTags(described.TagSet), tools.config);
    const words = { id: networkInterfaceId, what: `Cutting off ${networkInterfaceId}.`, revert: 'restore its groups' };
    await saveBefore(incidentId, 'interface', now, words, tools);
  }
  const wanted = {
    untrack: () => [pair.openGroupId],
    cut: () => [pair.closedGroupId],
    'put-back': () => parseWith(beforeSchemas.interface, saved, 'entry.before').groupIds,
  };
  if (phase === 'cut') await noteCut(incident, networkInterfaceId, tools);
  // The last read before it opens: an attempt that was held up for long must not open what its retry has cut off since.
  if (phase === 'untrack' && (await hasEntry(incidentId, cutKey(networkInterfaceId), tools.config)))
    return { networkInterfaceId, phase };
  await setGroups(now, wanted[phase](), phase === 'put-back');
  return { networkInterfaceId, phase };
});

const cutKey = (id: string) => `cut#${id}`;

async function noteCut(
  { incidentId }: { incidentId: string },
  id: string,
  { clock, config }: StepTools,
): Promise<void> {
  await writeEntry(
    incidentId,
    { key: cutKey(id), at: clock.now().toISOString(), what: `Ending all flows of ${id}.` },
    config,
  );
}

/** Groups that were just changed may look unchanged for a moment, so the first phase waits for the change. */
async function describeSettled(id: string, saved: unknown, phase: string): Promise<NetworkInterface> {
  const before = beforeSchemas.interface.safeParse(saved);
  if (phase === 'untrack' || !before.success) return describe(id);
  const looksAsBefore = (one: NetworkInterface) => sameGroups(toInterface(one).groupIds, before.data.groupIds);
  const settled = await askAgain(async () => [await describe(id)].find((one) => !looksAsBefore(one)));
  return settled ?? describe(id);
}

async function describe(networkInterfaceId: string): Promise<NetworkInterface> {
  const { NetworkInterfaces } = await ec2.send(
    new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [networkInterfaceId] }),
  );
  return NetworkInterfaces?.[0] ?? {};
}

function assertAttachedTo(instanceId: string, { NetworkInterfaceId, Attachment }: NetworkInterface): void {
  if (Attachment?.InstanceId === instanceId) return;
  throw new NotItsInterfaceError(`${NetworkInterfaceId} is not attached to ${instanceId}.`);
}

/** Both groups must have the tags with which this incident created them, so that no other group can pass as one. */
async function assertItsGroups(incidentId: string, { openGroupId, closedGroupId }: GroupPair): Promise<void> {
  const { SecurityGroups = [] } = await ec2.send(
    new DescribeSecurityGroupsCommand({ GroupIds: [openGroupId, closedGroupId] }),
  );
  const isOurs = (groupId: string, side: 'open' | 'closed') => {
    const tags = toTags(SecurityGroups.find(({ GroupId }) => GroupId === groupId)?.Tags);
    return tags[incidentTag] === incidentId && tags[quarantineGroupTag] === side;
  };
  if (isOurs(openGroupId, 'open') && isOurs(closedGroupId, 'closed')) return;
  throw new NotItsGroupsError(`${openGroupId} and ${closedGroupId} are not the quarantine groups of ${incidentId}.`);
}

async function setGroups(
  { networkInterfaceId, groupIds }: Interface,
  wanted: string[],
  inAnyCase: boolean,
): Promise<void> {
  if (inAnyCase || !sameGroups(groupIds, wanted)) {
    await ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: networkInterfaceId, Groups: wanted }),
    );
  }
  const groupsNow = async () => toInterface(await describe(networkInterfaceId)).groupIds;
  const after = await askAgain(async () => [await groupsNow()].find((ids) => sameGroups(ids, wanted)));
  if (after) return;
  throw new NotVerifiedError(
    `${networkInterfaceId} has the groups ${(await groupsNow()).join(', ')} instead of ${wanted.join(', ')}.`,
  );
}

/** The same groups in the same order. */
function sameGroups(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id, index) => id === others[index]);
}
