import type { LeasedIncident } from '../record/leased-incident';
import type { StepTools } from '../shared/step';
import { describeInstance } from './describe';
import { fence } from './lease';
import { assertMayAct } from './may-act';
import type { Snapshot } from './snapshot';
import { assertTagsAllow } from './tags';

/**
 * Checked before every change: mode, kill switch, lease (fenced), and the tags as they are now.
 * A refusal, or an answer that is not available, throws, so nothing is changed.
 * @param rung the rung of the ladder that the change belongs to, if it counts for cooldown and ladder
 * @returns the instance as it is now
 */
export async function assertMayChange(
  incident: LeasedIncident,
  { clock, config }: StepTools,
  rung?: number,
): Promise<Snapshot> {
  await assertMayAct(incident, config);
  const snapshot = await describeInstance(incident.instanceId);
  assertTagsAllow(snapshot.tags, config);
  const holder = { instanceId: incident.instanceId, incidentId: incident.incidentId, token: incident.lease.token };
  const earlier = incident.lease.history?.actedAt ?? [];
  await fence(holder, clock.now(), config, rung === undefined ? undefined : { rung, earlier });
  return snapshot;
}
