import { assertInTurn } from '../guard/in-turn';
import { assertNotSwitchedOff } from '../guard/kill-switch';
import { takeLease } from '../guard/lease';
import { targetedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { step } from '../shared/step';

const input = z.object({ incident: targetedIncidentSchema });

/**
 * Checks the kill switch and takes the lease. Cooldown and circuit breaker limit automation that acts on its own; here a
 * person decides, and a compromised instance must not wait because it was restarted a minute ago.
 */
export const handler = step('hold-instance', input, async ({ incident }, { clock, config }) => {
  const { instanceId, incidentId } = incident;
  const now = clock.now();
  await assertNotSwitchedOff(config);
  await assertInTurn(incident, config);
  const lease = await takeLease({ instanceId, incidentId }, now, { ...config, COOLDOWN_MINUTES: 0 });
  if (lease.verdict === 'TAKEN') return lease;
  const holder = lease.verdict === 'HELD' ? lease.holder : 'unknown';
  const what = `Incident ${incidentId} (${incident.playbook}) needed the instance too, and did nothing.`;
  if (lease.verdict === 'HELD') {
    await writeEntry(holder, { key: `joined#${incidentId}`, at: now.toISOString(), what }, config);
  }
  const reason = `Incident ${holder} is already working on the instance. Wait for it to end, then start again.`;
  return { verdict: 'JOINED', conclusion: { outcome: 'SKIPPED', code: 'held', reason } };
});
