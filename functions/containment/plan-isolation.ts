import { targetedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { environmentSchema } from './environment';
import { planIsolation } from './isolation-plan';
import { readIsolationSettings } from './settings';

const input = z.object({ incident: z.extend(targetedIncidentSchema, { environment: environmentSchema }) });

/** Decides whether the instance may be isolated, and records the planned changes. Makes no AWS call. */
export const handler = step('plan-isolation', input, async ({ incident }, { clock, config }) => {
  const { refusal, ...plan } = planIsolation(incident.environment, readIsolationSettings(), config);
  if (refusal) return { ...plan, verdict: 'REFUSED', conclusion: { outcome: 'SKIPPED', ...refusal } };
  const entry = { key: 'plan', at: clock.now().toISOString(), what: plan.what };
  await writeEntry(incident.incidentId, entry, config);
  return { ...plan, verdict: 'ELIGIBLE' };
});
