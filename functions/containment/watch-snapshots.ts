import { DescribeSnapshotsCommand } from '@aws-sdk/client-ec2';
import { targetedIncidentSchema } from '../record/leased-incident';
import { ec2 } from '../shared/clients/ec2';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { incidentTag } from './saved';
import { judgeSnapshots, snapshotLookSchema } from './snapshots';

const input = z.object({
  incident: z.extend(targetedIncidentSchema, {
    snapshots: z.optional(snapshotLookSchema),
    snapshotRequest: z.optional(
      z.object({ snapshots: z.array(z.object({ snapshotId: z.string(), volumeId: z.string() })) }),
    ),
  }),
  ceilingSeconds: z.number(),
});

/** Checks the progress of the snapshots once; the state machine waits in between. Changes nothing. */
export const handler = step('watch-snapshots', input, async ({ incident, ceilingSeconds }, { clock }) => {
  const { Snapshots } = await ec2.send(
    new DescribeSnapshotsCommand({
      OwnerIds: ['self'],
      Filters: [{ Name: `tag:${incidentTag}`, Values: [incident.incidentId] }],
    }),
  );
  const found = (Snapshots ?? []).map(({ SnapshotId, VolumeId, State }) => ({
    snapshotId: SnapshotId ?? '',
    volumeId: VolumeId ?? '',
    state: State ?? 'pending',
  }));
  const requested = incident.snapshotRequest?.snapshots ?? [];
  return judgeSnapshots(found, requested, incident.snapshots, clock.now(), ceilingSeconds);
});
