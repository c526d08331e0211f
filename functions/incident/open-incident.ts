import { toldByContributors } from '../alarm/alarm';
import { joinAlarmStorm } from '../guard/alarm-storm';
import { newIncidentSchema } from '../record/incident';
import { openRecord } from '../record/store';
import * as z from '../shared/schema';
import { step } from './ending-step';

const input = z.object({ incident: newIncidentSchema });

/** Opens the record; if another execution has the same alarm transition, reports that instead of racing it. */
export const handler = step('open-incident', input, async ({ incident }, { clock, config }) => {
  // The contributors of such an alarm are incidents of their own; a second one for the alarm would tell people nothing new.
  if (incident.refusal?.code === toldByContributors) return { verdict: 'DUPLICATE', owner: incident.executionId };
  const { owner } = await openRecord(incident, clock.now(), config);
  if (owner !== incident.executionId) return { verdict: 'DUPLICATE', owner };
  const { refusal, trigger } = incident;
  if (refusal) return { verdict: 'REFUSED', owner, conclusion: { outcome: 'SKIPPED', ...refusal } };
  const parentId =
    trigger === 'alarm' && incident.playbook === 'restart-instance'
      ? await joinAlarmStorm(incident, clock, config)
      : undefined;
  if (!parentId) return { verdict: 'OPENED', owner };
  const reason = `Part of an alarm storm; see incident ${parentId}.`;
  return { verdict: 'REFUSED', owner, parentId, conclusion: { outcome: 'SKIPPED', code: 'storm', reason } };
});
