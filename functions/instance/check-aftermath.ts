import * as z from 'zod/mini';
import { targetedIncidentSchema } from '../incident/incident';
import { hasEntry } from '../incident/store';
import { step } from '../shared/step';
import { describeInstance } from './describe';

const input = z.object({
  incident: z.extend(targetedIncidentSchema, { aftermath: z.optional(z.looseObject({})) }),
});

/**
 * After a step has failed: is the instance down because of us, and may it be brought back once?
 * A second failure is not rescued again; a person is paged.
 */
export const handler = step('check-aftermath', input, async ({ incident }, { config }) => {
  const { state } = await describeInstance(incident.instanceId);
  const stoppedByUs = await hasEntry(incident.incidentId, 'stop-requested', config);
  const leftStopped = stoppedByUs && (state === 'stopping' || state === 'stopped');
  return { state, leftStopped, mayRescue: leftStopped && incident.aftermath === undefined };
});
