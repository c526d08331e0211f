import { targetedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { assertNotSwitchedOff } from './kill-switch';
import { takeLease } from './lease';

const input = z.object({ incident: targetedIncidentSchema });

/** Kill switch, lease and cooldown in one step; each no has its reason. Only this project's table is written. */
export const handler = step('take-lease', input, async ({ incident }, { clock, config }) => {
  const { instanceId, incidentId } = incident;
  const now = clock.now();
  await assertNotSwitchedOff(config);
  const lease = await takeLease({ instanceId, incidentId }, now, config);
  if (lease.verdict === 'HELD') {
    const what = `Incident ${incidentId} (${incident.alarm?.alarmName ?? 'started by hand'}) joined.`;
    await writeEntry(lease.holder, { key: `joined#${incidentId}`, at: now.toISOString(), what }, config);
    const reason = `Incident ${lease.holder} is at work on the instance already; this one joined it.`;
    return { verdict: 'JOINED', conclusion: { outcome: 'SKIPPED', code: 'joined', reason } };
  }
  if (lease.verdict === 'COOLDOWN') {
    const reason = `Automation acted on the instance at ${lease.lastActionAt}; it waits ${config.COOLDOWN_MINUTES} minutes in between.`;
    return { verdict: 'COOLDOWN', conclusion: { outcome: 'SKIPPED', code: 'cooldown', reason } };
  }
  return lease;
});
