import { narrowSessions } from '../place/narrow';
import { sessionPolicyOf } from '../place/session-policy';
import type { NewIncident } from '../record/incident';
import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';
import { assertNotSwitchedOff } from './kill-switch';

// Only what changes something is deployed with it.
narrowSessions(sessionPolicyOf);

/** The stage is in observe mode: no step may change anything. */
export class ModeIsObserveError extends PlaybookError {}

/**
 * Whether the stage may change anything at all, checked before every change: mode and kill switch.
 * @throws ModeIsObserveError, KillSwitchOnError
 */
export async function assertMayAct(incident: Pick<NewIncident, 'mode'>, config: Config): Promise<void> {
  if (config.MODE !== 'act' || incident.mode !== 'act') throw new ModeIsObserveError('The stage is in observe mode.');
  await assertNotSwitchedOff(config);
}
