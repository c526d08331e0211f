import { assertNotSwitchedOff } from '../guard/kill-switch';
import { takeLease } from '../guard/lease';
import { targetedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { step } from '../shared/step';

const input = z.object({ incident: targetedIncidentSchema });

/**
 * Kill switch and lease. Cooldown and breaker hold back automation that acts by itself; a person decides here,
 * and a compromised instance must not wait because it was restarted a minute ago.
 */
export const handler = step('hold-instance', input, async ({ incident }, { clock, config }) => {
  const { instanceId, incidentId } = incident;
  const now = clock.now();
  await assertNotSwitchedOff(config);
  const lease = await takeLease({ instanceId, incidentId }, now, { ...config, COOLDOWN_MINUTES: 0 });
  if (lease.verdict === 'TAKEN') return lease;
  const holder = lease.verdict === 'HELD' ? lease.holder : 'unknown';
  const what = `Incident ${incidentId} (${incident.playbook}) wanted the instance and left it alone.`;
  if (lease.verdict === 'HELD') {
    await writeEntry(holder, { key: `joined#${incidentId}`, at: now.toISOString(), what }, config);
  }
  const reason = `Incident ${holder} is at work on the instance already.`;
  return { verdict: 'JOINED', conclusion: { outcome: 'SKIPPED', code: 'held', reason } };
});
