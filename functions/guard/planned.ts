import type { NewIncident } from '../record/incident';
import { hasEntry, readEntry } from '../record/store';
import type { Config } from '../shared/config';
import { holdsSlot } from './circuit-breaker';
import { OutOfTurnError } from './in-turn';
import { quarantineTag } from './tags';

/** The actions that a restart may have planned, apart from escalating. */
export type PlannedAction = 'reboot' | 'stop-start';

/** The instance is isolated: only a release may change it. */
export class QuarantinedError extends OutOfTurnError {}

/**
 * Whether a restart has come to the state before this change: its plan names the action (a stop may also follow a reboot
 * that did not help), and it has its slot of the circuit breaker. An instance with a quarantine tag is never restarted,
 * whoever set the tag.
 * @param tags the instance's tags as they are now
 * @throws OutOfTurnError, QuarantinedError
 */
export async function assertPlanned(
  { incidentId, playbook }: Pick<NewIncident, 'incidentId' | 'playbook'>,
  action: PlannedAction,
  tags: Readonly<Record<string, string>>,
  config: Config,
): Promise<void> {
  if (playbook !== 'restart-instance')
    throw new OutOfTurnError(`This step belongs to restart-instance, not to ${playbook}.`);
  const mark = tags[quarantineTag];
  if (mark !== undefined)
    throw new QuarantinedError(`The instance is tagged as isolated (${mark}), so it is left as it is.`);
  const planned = (await readEntry(incidentId, 'plan', config))?.before?.action;
  const isNext =
    action === 'stop-start' && planned === 'reboot' && (await hasEntry(incidentId, 'reboot-requested', config));
  if (planned !== action && !isNext) throw new OutOfTurnError(`Incident ${incidentId} has not planned to ${action}.`);
  if (await holdsSlot(incidentId, config)) return;
  throw new OutOfTurnError(`Incident ${incidentId} has no slot of the circuit breaker.`);
}
