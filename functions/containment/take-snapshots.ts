import { CreateSnapshotsCommand, DescribeSnapshotsCommand, type Snapshot } from '@aws-sdk/client-ec2';
import { step } from '../incident/ending-step';
import { leasedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import { askAgain } from '../shared/ask-again';
import { ec2, ec2Once } from '../shared/clients/ec2';
import * as z from '../shared/schema';
import { assertMayIsolate } from './may-isolate';
import { incidentTag, instanceTag } from './saved';

const input = z.object({ incident: leasedIncidentSchema });

/**
 * Takes snapshots of every volume at one point in time, before any other change. A retry finds the first snapshots
 * by their tag and takes no second set. Playbooks never delete evidence.
 */
export const handler = step('take-snapshots', input, async ({ incident }, tools) => {
  const { incidentId, instanceId } = incident;
  await assertMayIsolate(incident, tools);
  const at = tools.clock.now().toISOString();
  const isFirst = await writeEntry(
    incidentId,
    { key: 'snapshots-requested', at, what: 'Asked EC2 to take snapshots of every volume.' },
    tools.config,
  );
  // A retry reads for longer: new snapshots are not found by their tags at once.
  const known = isFirst ? await findSnapshots(incidentId) : await askAgain(() => findSnapshots(incidentId));
  if (known) return { at, snapshots: known.map(brief) };
  const { Snapshots } = await ec2Once.send(
    new CreateSnapshotsCommand({
      InstanceSpecification: { InstanceId: instanceId },
      Description: `Evidence of incident ${incidentId}`,
      TagSpecifications: [
        {
          ResourceType: 'snapshot',
          Tags: [
            { Key: incidentTag, Value: incidentId },
            { Key: instanceTag, Value: instanceId },
          ],
        },
      ],
    }),
  );
  return { at, snapshots: (Snapshots ?? []).map(brief) };
});

/** An incident's snapshots, found by their tag. */
async function findSnapshots(incidentId: string): Promise<Snapshot[] | undefined> {
  const { Snapshots } = await ec2.send(
    new DescribeSnapshotsCommand({
      OwnerIds: ['self'],
      Filters: [{ Name: `tag:${incidentTag}`, Values: [incidentId] }],
    }),
  );
  return Snapshots?.length ? Snapshots : undefined;
}

function brief({ SnapshotId, VolumeId }: { SnapshotId?: string | undefined; VolumeId?: string | undefined }) {
  return { snapshotId: SnapshotId ?? '', volumeId: VolumeId ?? '' };
}
