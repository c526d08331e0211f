import {
  AssociateAddressCommand,
  DeleteSecurityGroupCommand,
  DescribeAddressesCommand,
  DescribeNetworkInterfacesCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { askAgain, unlessAlready } from '../shared/ask-again';
import { ec2 } from '../shared/clients/ec2';
import { type StepTools, step } from '../shared/step';
import { toInterface } from './describe';
import { NotVerifiedError } from './group-rules';
import { assertMayRelease, ChangedSinceError, noteRestore, readBefore } from './may-release';
import { quarantineGroups } from './quarantine-groups';
import { type ReleasingIncident, releasingRestoreInput } from './releasing';

/** Restores an interface's groups or an Elastic IP, or deletes the quarantine groups. Idempotent; leaves alone what others have changed since. */
export const handler = step('restore-network', releasingRestoreInput, async ({ incident, change }, tools) => {
  await assertMayRelease(incident, tools);
  await noteRestore(incident, change, tools);
  if (change.kind === 'interface') await restoreInterface(incident, change.id, tools);
  if (change.kind === 'address') await restoreAddress(incident, change.id, tools);
  if (change.kind === 'groups') await deleteGroups(incident.isolatedBy);
  return change;
});

async function restoreInterface(incident: ReleasingIncident, id: string, tools: StepTools): Promise<void> {
  const { groupIds } = await readBefore(incident, 'interface', id, tools);
  const now = await groupsOf(id);
  if (same(now, groupIds)) return;
  const ours = (await quarantineGroups(incident.isolatedBy)).map(({ GroupId }) => GroupId);
  if (!now.every((groupId) => ours.includes(groupId)))
    throw new ChangedSinceError(
      `The groups of ${id} have changed since the isolation (now ${now.join(', ')}). They were left as they are.`,
    );
  await ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: id, Groups: groupIds }));
  const after = await askAgain(async () => [await groupsOf(id)].find((ids) => same(ids, groupIds)));
  if (!after) throw new NotVerifiedError(`${id} has the groups ${(await groupsOf(id)).join(', ')} instead of its own.`);
}

async function groupsOf(id: string): Promise<string[]> {
  const { NetworkInterfaces } = await ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] }));
  return toInterface(NetworkInterfaces?.[0] ?? {}).groupIds;
}

async function restoreAddress(incident: ReleasingIncident, allocationId: string, tools: StepTools): Promise<void> {
  const before = await readBefore(incident, 'address', allocationId, tools);
  const { Addresses } = await ec2.send(new DescribeAddressesCommand({ AllocationIds: [allocationId] }));
  const now = Addresses?.[0];
  if (now?.NetworkInterfaceId === before.networkInterfaceId && now.PrivateIpAddress === before.privateIp) return;
  if (now?.AssociationId)
    throw new ChangedSinceError(`The Elastic IP ${before.publicIp} is in use elsewhere (${now.NetworkInterfaceId}).`);
  await ec2.send(
    new AssociateAddressCommand({
      AllocationId: allocationId,
      NetworkInterfaceId: before.networkInterfaceId,
      PrivateIpAddress: before.privateIp,
      AllowReassociation: false,
    }),
  );
}

async function deleteGroups(isolatedBy: string): Promise<void> {
  for (const { GroupId } of await quarantineGroups(isolatedBy)) {
    await unlessAlready('InvalidGroup.NotFound', ec2.send(new DeleteSecurityGroupCommand({ GroupId })));
  }
}

function same(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id, index) => id === others[index]);
}
