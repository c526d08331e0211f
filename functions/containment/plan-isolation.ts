import { assertInTurn } from '../guard/in-turn';
import { readMark } from '../guard/quarantine';
import { step } from '../incident/ending-step';
import type { Refusal } from '../record/conclusion';
import { targetedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { environmentSchema } from './environment';
import { readEvidenceSettings } from './evidence-settings';
import { beyondLimit } from './isolation-flood';
import { planIsolation } from './isolation-plan';
import { readIsolationSettings } from './settings';

const input = z.object({ incident: z.extend(targetedIncidentSchema, { environment: environmentSchema }) });

/** Decides whether the instance may be isolated, and records the planned changes. Makes no call to EC2. */
export const handler = step('plan-isolation', input, async ({ incident }, { clock, config }) => {
  const { refusal, ...plan } = planIsolation(
    incident.environment,
    { ...readIsolationSettings(), ...readEvidenceSettings() },
    config,
    await readMark(incident.instanceId, incident.environment.instance.tags, config),
  );
  if (refusal) return { ...plan, verdict: 'REFUSED', conclusion: { outcome: outcomeOf(refusal), ...refusal } };
  const isOfPerson = incident.trigger === 'manual';
  if (!isOfPerson) await assertInTurn(incident, config);
  const conclusion = isOfPerson ? undefined : await beyondLimit(incident.instanceId, clock.now(), config);
  if (conclusion) return { ...plan, verdict: 'REFUSED', conclusion };
  const entry = { key: 'plan', at: clock.now().toISOString(), what: plan.what };
  await writeEntry(incident.incidentId, entry, config);
  return { ...plan, verdict: 'ELIGIBLE' };
});

/** A partial isolation is not a duplicate: a person must complete it. */
const outcomeOf = ({ code }: Refusal) => (code === 'isolated-in-part' ? 'ESCALATED' : 'SKIPPED');
