import { assertApproved } from '../approval/approved';
import { assertMayChange } from '../guard/may-change';
import type { Snapshot } from '../guard/snapshot';
import type { LeasedIncident } from '../record/leased-incident';
import type { StepTools } from '../shared/step';

/** Checked before every change of an isolation: the checks of every change, and approval. */
export async function assertMayIsolate(incident: LeasedIncident, tools: StepTools): Promise<Snapshot> {
  const snapshot = await assertMayChange(incident, tools);
  await assertApproved(incident, { subject: 'isolate', instanceId: incident.instanceId }, tools);
  return snapshot;
}
