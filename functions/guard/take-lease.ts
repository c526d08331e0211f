import { targetedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { assertInTurn } from './in-turn';
import { assertNotSwitchedOff } from './kill-switch';
import { takeLease } from './lease';

const input = z.object({ incident: targetedIncidentSchema });

/** Checks kill switch, lease and cooldown; each refusal has a reason. Writes only to this project's table. */
export const handler = step('take-lease', input, async ({ incident }, { clock, config }) => {
  const { instanceId, incidentId } = incident;
  const now = clock.now();
  await assertNotSwitchedOff(config);
  await assertInTurn(incident, config);
  const lease = await takeLease({ instanceId, incidentId }, now, config);
  if (lease.verdict === 'HELD') {
    const what = `Incident ${incidentId} (${incident.alarm?.alarmName ?? 'started manually'}) joined.`;
    await writeEntry(lease.holder, { key: `joined#${incidentId}`, at: now.toISOString(), what }, config);
    const reason = `Incident ${lease.holder} is already working on the instance; this one joined it.`;
    return { verdict: 'JOINED', conclusion: { outcome: 'SKIPPED', code: 'joined', reason } };
  }
  if (lease.verdict === 'COOLDOWN') {
    const reason = `Automation acted on the instance at ${lease.lastActionAt}; the cooldown is ${config.COOLDOWN_MINUTES} minutes.`;
    return { verdict: 'COOLDOWN', conclusion: { outcome: 'SKIPPED', code: 'cooldown', reason } };
  }
  return lease;
});
