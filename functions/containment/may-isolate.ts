import { assertApproved } from '../approval/approved';
import type { IsolationPart } from '../approval/covers';
import { assertMayChange } from '../guard/may-change';
import type { Snapshot } from '../guard/snapshot';
import type { LeasedIncident, TargetedIncident } from '../record/leased-incident';
import type { StepTools } from '../shared/step';

/** Checked before every change of an isolation: everything that any change needs, and approval. */
export async function assertMayIsolate(
  incident: LeasedIncident,
  tools: StepTools,
  part?: IsolationPart,
): Promise<Snapshot> {
  const snapshot = await assertMayChange(incident, tools);
  await assertApprovedToIsolate(incident, tools, part);
  return snapshot;
}

/** Checks that a person approved isolating exactly this instance, and this part of it. @throws NotApprovedError */
export async function assertApprovedToIsolate(
  { instanceId, ...incident }: TargetedIncident,
  tools: StepTools,
  part?: IsolationPart,
): Promise<void> {
  await assertApproved(incident, { subject: 'isolate', instanceId, ...(part ? { part } : {}) }, tools);
}
