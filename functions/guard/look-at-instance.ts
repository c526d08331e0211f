import { targetedIncidentSchema } from '../record/leased-incident';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { describeInstance } from './describe';
import { describeReturnFacts } from './return-facts';

const input = z.object({ incident: targetedIncidentSchema });

/** Reads the facts for the eligibility check; decides nothing itself. */
export const handler = step('look-at-instance', input, async ({ incident }, { config }) => {
  const snapshot = await describeInstance(incident.instanceId);
  return { ...snapshot, returnFacts: await describeReturnFacts(snapshot, config) };
});
