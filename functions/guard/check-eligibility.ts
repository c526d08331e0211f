import { targetedIncidentSchema } from '../record/leased-incident';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { checkEligibility } from './eligibility';
import { snapshotSchema } from './snapshot';

const returnFacts = z.object({
  hasInstanceStore: z.boolean(),
  stopProtected: z.boolean(),
  spotType: z.optional(z.string()),
  scaling: z.optional(z.object({ group: z.string(), lifecycle: z.string(), minimum: z.number(), desired: z.number() })),
  customerKeys: z.array(z.string()),
  unusableKeys: z.array(z.string()),
});

const input = z.object({
  incident: z.extend(targetedIncidentSchema, { instance: z.extend(snapshotSchema, { returnFacts }) }),
});

/** Decides by what was read; asks AWS nothing. */
export const handler = step('check-eligibility', input, async ({ incident }, { config }) => {
  const { refusal, notes } = checkEligibility(incident.instance, config);
  if (!refusal) return { verdict: 'ELIGIBLE', notes };
  return { verdict: 'REFUSED', notes, conclusion: { outcome: 'SKIPPED', ...refusal } };
});
