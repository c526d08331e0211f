import type { LeasedIncident } from '../record/leased-incident';
import type { StepTools } from '../shared/step';
import { describeInstance } from './describe';
import { assertInTurn } from './in-turn';
import { assertHeld, fence } from './lease';
import { assertMayAct } from './may-act';
import { assertPlanned, type PlannedAction } from './planned';
import type { Snapshot } from './snapshot';
import { assertTagsAllow } from './tags';

/** A change that a restart has planned, and its rung of the ladder when it counts for cooldown and ladder. */
export interface PlannedChange {
  action: PlannedAction;
  rung?: number;
}

/**
 * Checked before every change: mode, kill switch, the record, the tags as they are now, for a restart its plan, and the
 * lease (fenced). A refusal, or an answer that is not available, throws, so nothing is changed.
 * @returns the instance as it is now
 */
export async function assertMayChange(
  incident: LeasedIncident,
  { clock, config }: StepTools,
  planned?: PlannedChange,
): Promise<Snapshot> {
  await assertMayAct(incident, config);
  const holder = { instanceId: incident.instanceId, incidentId: incident.incidentId, token: incident.lease.token };
  // Read first, so that a call out of order writes nothing: the fence records the action for cooldown and ladder.
  await assertHeld(holder, clock.now(), config);
  await assertInTurn(incident, config);
  const snapshot = await describeInstance(incident.instanceId);
  assertTagsAllow(snapshot.tags, config);
  if (planned) await assertPlanned(incident, planned.action, snapshot.tags, config);
  const earlier = incident.lease.history?.actedAt ?? [];
  const { rung } = planned ?? {};
  await fence(holder, clock.now(), config, rung === undefined ? undefined : { rung, earlier });
  return snapshot;
}
