import { assertApproved } from '../approval/approved';
import { assertMayChange } from '../guard/may-change';
import type { Snapshot } from '../guard/snapshot';
import type { LeasedIncident, TargetedIncident } from '../record/leased-incident';
import type { StepTools } from '../shared/step';

/** Checked before every change of an isolation: everything that any change needs, and approval. */
export async function assertMayIsolate(incident: LeasedIncident, tools: StepTools): Promise<Snapshot> {
  const snapshot = await assertMayChange(incident, tools);
  await assertApprovedToIsolate(incident, tools);
  return snapshot;
}

/** Checks that a person approved isolating exactly this instance. @throws NotApprovedError */
export async function assertApprovedToIsolate(incident: TargetedIncident, tools: StepTools): Promise<void> {
  await assertApproved(incident, { subject: 'isolate', instanceId: incident.instanceId }, tools);
}
