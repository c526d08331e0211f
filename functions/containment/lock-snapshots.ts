import { LockSnapshotCommand } from '@aws-sdk/client-ec2';
import { leasedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import { ec2 } from '../shared/clients/ec2';
import { plural } from '../shared/plural';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { readEvidenceSettings } from './evidence-settings';
import { NotVerifiedError } from './group-rules';
import { assertMayIsolate } from './may-isolate';
import { lockedAmong } from './secured-snapshots';

const input = z.object({
  incident: z.extend(leasedIncidentSchema, {
    snapshotRequest: z.optional(z.object({ snapshots: z.array(z.object({ snapshotId: z.string() })) })),
  }),
});

/**
 * Locks the snapshots of an isolation, as the stage says. They are still pending then: AWS deletes no pending snapshot, so
 * there is no moment in which one can be deleted. Idempotent; nothing undoes it, and a release leaves it.
 * Source: EBS user guide, "Considerations for Amazon EBS snapshot lock".
 * @throws NotVerifiedError while EC2 does not show a lock
 */
export const handler = step('lock-snapshots', input, async ({ incident }, tools) => {
  const { lock } = readEvidenceSettings();
  if (!lock) return { locked: 0 };
  const { incidentId, snapshotRequest } = incident;
  await assertMayIsolate(incident, tools, { snapshotLock: lock.words });
  const ids = (snapshotRequest?.snapshots ?? []).map(({ snapshotId }) => snapshotId);
  const before = await lockedAmong(ids);
  for (const SnapshotId of ids.filter((id) => !before.has(id))) {
    const CoolOffPeriod = lock.coolOffHours;
    await ec2.send(
      new LockSnapshotCommand({ SnapshotId, LockMode: lock.mode, LockDuration: lock.days, CoolOffPeriod }),
    );
  }
  const after = await lockedAmong(ids);
  const open = ids.filter((id) => !after.has(id));
  if (open.length > 0) throw new NotVerifiedError(`EC2 does not show a lock on ${open.join(', ')}.`);
  const what = `Locked ${plural(ids.length, 'snapshot')} in ${lock.words}.`;
  await writeEntry(incidentId, { key: 'snapshots-locked', at: tools.clock.now().toISOString(), what }, tools.config);
  return { locked: ids.length };
});
