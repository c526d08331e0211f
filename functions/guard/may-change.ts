import type { LeasedIncident } from '../incident/incident';
import { describeInstance } from '../instance/describe';
import type { Snapshot } from '../instance/snapshot';
import { PlaybookError } from '../shared/errors';
import type { StepTools } from '../shared/step';
import { assertNotSwitchedOff } from './kill-switch';
import { fence } from './lease';
import { assertTagsAllow } from './tags';

/** The stage only observes: no step may change anything. */
export class ModeIsObserveError extends PlaybookError {}

/**
 * Asked before every change, each time anew: mode, kill switch, lease (fenced), and the tags as they are now.
 * Any answer that is no, or that cannot be had, throws, so that nothing is changed.
 * @param rung the rung of the ladder that the change stands on, when it counts for cooldown and ladder
 * @returns the instance as it is now
 */
export async function assertMayChange(
  incident: LeasedIncident,
  { clock, config }: StepTools,
  rung?: number,
): Promise<Snapshot> {
  if (config.MODE !== 'act' || incident.mode !== 'act') throw new ModeIsObserveError('The stage is in observe mode.');
  await assertNotSwitchedOff(config);
  const snapshot = await describeInstance(incident.instanceId);
  assertTagsAllow(snapshot.tags, config);
  const holder = { instanceId: incident.instanceId, incidentId: incident.incidentId, token: incident.lease.token };
  await fence(holder, clock.now(), config, rung === undefined ? undefined : { rung });
  return snapshot;
}
