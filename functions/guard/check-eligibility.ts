import { targetedIncidentSchema } from '../record/leased-incident';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { checkEligibility } from './eligibility';
import { returnFactsSchema, snapshotSchema } from './snapshot';

const input = z.object({
  incident: z.extend(targetedIncidentSchema, {
    instance: z.extend(snapshotSchema, { returnFacts: returnFactsSchema }),
  }),
});

/** Decides from what was read; makes no AWS call. */
export const handler = step('check-eligibility', input, async ({ incident }, { config }) => {
  const { refusal, notes } = checkEligibility(incident.instance, config);
  if (!refusal) return { verdict: 'ELIGIBLE', notes };
  return { verdict: 'REFUSED', notes, conclusion: { outcome: 'SKIPPED', ...refusal } };
});
