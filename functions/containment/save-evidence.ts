import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  GetConsoleOutputCommand,
} from '@aws-sdk/client-ec2';
import { narrowSessions } from '../place/narrow';
import { sessionPolicyOf } from '../place/session-policy';
import { targetedIncidentSchema } from '../record/leased-incident';
import { evidencePartition, expiryOf, writeEntry } from '../record/store';
import { ec2 } from '../shared/clients/ec2';
import { putItem } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { plural } from '../shared/plural';
import * as z from '../shared/schema';
import { step } from '../shared/step';

// Only what changes something is deployed with it.
narrowSessions(sessionPolicyOf);

const input = z.object({ incident: targetedIncidentSchema });

/** Saves console output, metadata and network state in the record. Only reads from EC2. */
export const handler = step('save-evidence', input, async ({ incident }, { clock, config }) => {
  const { incidentId, instanceId } = incident;
  const now = clock.now();
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  const { NetworkInterfaces } = await ec2.send(
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [instanceId] }] }),
  );
  const GroupIds = [
    ...new Set(
      (NetworkInterfaces ?? []).flatMap(({ Groups }) => (Groups ?? []).flatMap(({ GroupId }) => GroupId ?? [])),
    ),
  ];
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds }));
  const console = await readConsole(instanceId);
  await keep(incidentId, 'instance', { Reservations }, now, config);
  await keep(incidentId, 'network', { NetworkInterfaces, SecurityGroups }, now, config);
  await keep(incidentId, 'console', console, now, config);
  const what = `Saved its metadata, ${plural(NetworkInterfaces?.length ?? 0, 'network interface')}, ${plural(GroupIds.length, 'security group')} and its console output.`;
  await writeEntry(incidentId, { key: 'evidence-kept', at: now.toISOString(), what }, config);
  return { at: now.toISOString() };
});

/** The latest console output if the hypervisor supports it (Nitro), otherwise that of the last boot. */
async function readConsole(InstanceId: string): Promise<object> {
  try {
    return await ec2.send(new GetConsoleOutputCommand({ InstanceId, Latest: true }));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'UnsupportedOperation')) throw error;
    return ec2.send(new GetConsoleOutputCommand({ InstanceId }));
  }
}

/** As JSON text, because the SDK's results contain dates; an item may have 400 KB, and console output has at most 64 KB. */
async function keep(incidentId: string, name: string, value: object, now: Date, config: Config): Promise<void> {
  const Item = {
    pk: evidencePartition(incidentId),
    sk: `EVIDENCE#${name}`,
    at: now.toISOString(),
    json: JSON.stringify({ ...value, $metadata: undefined }),
    expiresAt: expiryOf(now, config),
  };
  await putItem(Item, config);
}
