import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  GetConsoleOutputCommand,
} from '@aws-sdk/client-ec2';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { targetedIncidentSchema } from '../record/leased-incident';
import { expiryOf, writeEntry } from '../record/store';
import { table } from '../shared/clients/dynamodb';
import { ec2 } from '../shared/clients/ec2';
import type { Config } from '../shared/config';
import * as z from '../shared/schema';
import { step } from '../shared/step';

const input = z.object({ incident: targetedIncidentSchema });

/** Keeps console output, metadata and network state in the record. Reads from EC2, changes nothing there. */
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
  const what = `Kept its metadata, ${NetworkInterfaces?.length ?? 0} network interface(s), ${GroupIds.length} security group(s) and its console output.`;
  await writeEntry(incidentId, { key: 'evidence-kept', at: now.toISOString(), what }, config);
  return { at: now.toISOString() };
});

/** The newest console output where the hypervisor can give it (Nitro), else what was kept at the last boot. */
async function readConsole(InstanceId: string): Promise<object> {
  try {
    return await ec2.send(new GetConsoleOutputCommand({ InstanceId, Latest: true }));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'UnsupportedOperation')) throw error;
    return ec2.send(new GetConsoleOutputCommand({ InstanceId }));
  }
}

/** As JSON text, since the SDK's answers hold dates; an item takes 400 KB and console output is at most 64 KB. */
async function keep(incidentId: string, name: string, value: object, now: Date, config: Config): Promise<void> {
  const Item = {
    pk: `INCIDENT#${incidentId}`,
    sk: `EVIDENCE#${name}`,
    at: now.toISOString(),
    json: JSON.stringify({ ...value, $metadata: undefined }),
    expiresAt: expiryOf(now, config),
  };
  await table.send(new PutCommand({ TableName: config.TABLE_NAME, Item }));
}
