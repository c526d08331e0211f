import { targetedIncidentSchema } from '../incident/leased-incident';
import { writeEntry } from '../incident/store';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { planIsolation } from './isolation-plan';
import { readIsolationSettings } from './settings';
import { surroundingsSchema } from './surroundings';

const input = z.object({ incident: z.extend(targetedIncidentSchema, { surroundings: surroundingsSchema }) });

/** Decides whether the instance may be isolated and what that means, and writes it down. Asks AWS nothing. */
export const handler = step('plan-isolation', input, async ({ incident }, { clock, config }) => {
  const { refusal, ...plan } = planIsolation(incident.surroundings, readIsolationSettings(), config);
  if (refusal) return { ...plan, verdict: 'REFUSED', conclusion: { outcome: 'SKIPPED', ...refusal } };
  const entry = { key: 'plan', at: clock.now().toISOString(), what: plan.what };
  await writeEntry(incident.incidentId, entry, config);
  return { ...plan, verdict: 'ELIGIBLE' };
});
