import {
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  ModifyNetworkInterfaceAttributeCommand,
  type NetworkInterface,
} from '@aws-sdk/client-ec2';
import { assertNotProtected, toTags } from '../guard/tags';
import { leasedIncidentSchema } from '../record/leased-incident';
import { readEntry } from '../record/store';
import { ec2 } from '../shared/clients/ec2';
import { PlaybookError } from '../shared/errors';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { toInterface } from './describe';
import type { Interface } from './environment';
import { type GroupPair, groupPairSchema, NotVerifiedError } from './group-rules';
import { assertMayIsolate } from './may-isolate';
import { saveBefore } from './save-before';
import { beforeSchemas, changeKey, incidentTag, quarantineGroupTag } from './saved';

/** The network interface is not attached to the instance that the incident is about. */
export class NotItsInterfaceError extends PlaybookError {}
/** The security groups that the input names are not those that the incident made. */
export class NotItsGroupsError extends PlaybookError {}

const input = z.object({
  incident: z.extend(leasedIncidentSchema, { quarantine: z.object({ pairs: z.array(groupPairSchema) }) }),
  networkInterfaceId: z.string(),
  /** untrack: all is allowed, so that no flow stays tracked. cut: nothing is. put-back: as it was, when the cut fails. */
  phase: z.enum(['untrack', 'cut', 'put-back']),
});

/**
 * One phase of the two-step quarantine of one network interface; described again after each. Idempotent; what was there
 * is saved first and a release puts it back.
 * @throws NotItsInterfaceError, NotItsGroupsError when the input names what is not this incident's
 */
export const handler = step('quarantine-interface', input, async (asked, tools) => {
  const { incident, networkInterfaceId, phase } = asked;
  const { incidentId, quarantine } = incident;
  const described = await describe(networkInterfaceId);
  const now = toInterface(described);
  const pair = quarantine.pairs.find(({ vpcId }) => vpcId === now.vpcId);
  if (!pair) throw new NotVerifiedError(`There are no quarantine groups in ${now.vpcId}.`);
  const isOpened = sameGroups(now.groupIds, [pair.openGroupId]);
  const isClosed = sameGroups(now.groupIds, [pair.closedGroupId]);
  // What was opened goes back to its own groups wherever it is attached by now; all else is for the instance's own.
  if (phase !== 'put-back') assertAttachedTo(incident.instanceId, described);
  if (isClosed && phase !== 'put-back') return { networkInterfaceId, phase };
  if (phase === 'put-back' && !isOpened) return { networkInterfaceId, phase };
  await assertItsGroups(incidentId, pair);
  const saved = (await readEntry(incidentId, changeKey('interface', networkInterfaceId), tools.config))?.before;
  // That we opened it stands in the record alone, which a guarded try wrote: the input proves nothing.
  if (isOpened && saved === undefined)
    throw new NotItsInterfaceError(`The record of ${incidentId} does not say that it opened ${networkInterfaceId}.`);
  // An interface that we opened is closed or put back whatever the guard says by now: it must never stay open.
  if (!isOpened) {
    await assertMayIsolate(incident, tools);
    assertNotProtected(toTags(described.TagSet), tools.config);
    const words = { id: networkInterfaceId, what: `Cuts ${networkInterfaceId} off.`, revert: 'put its groups back' };
    await saveBefore(incidentId, 'interface', now, words, tools);
  }
  const wanted = {
    untrack: () => [pair.openGroupId],
    cut: () => [pair.closedGroupId],
    'put-back': () => parseWith(beforeSchemas.interface, saved, 'entry.before').groupIds,
  };
  await setGroups(now, wanted[phase]());
  return { networkInterfaceId, phase };
});

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

/** Both groups carry the tags by which this incident made them, so that no other group can pass for one of them. */
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

async function setGroups({ networkInterfaceId, groupIds }: Interface, wanted: string[]): Promise<void> {
  if (!sameGroups(groupIds, wanted)) {
    await ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: networkInterfaceId, Groups: wanted }),
    );
  }
  const after = toInterface(await describe(networkInterfaceId));
  if (sameGroups(after.groupIds, wanted)) return;
  throw new NotVerifiedError(
    `${networkInterfaceId} shows ${after.groupIds.join(', ')} instead of ${wanted.join(', ')}.`,
  );
}

/** The same groups in the same order. */
function sameGroups(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id, index) => id === others[index]);
}
