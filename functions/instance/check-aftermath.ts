import * as z from 'zod/mini';
import { targetedIncidentSchema } from '../incident/incident';
import { hasEntry, membershipEntry } from '../incident/store';
import { step } from '../shared/step';
import { describeInstance } from './describe';

const input = z.object({
  incident: z.extend(targetedIncidentSchema, { aftermath: z.optional(z.looseObject({})) }),
});

/**
 * After a step has failed: is the instance down, or out of service, because of us, and may it be brought back once?
 * A second failure is not rescued again; a person is paged.
 */
export const handler = step('check-aftermath', input, async ({ incident }, { config }) => {
  const { incidentId, instanceId } = incident;
  const { state } = await describeInstance(instanceId);
  const isDown = state === 'stopping' || state === 'stopped';
  const leftStopped = isDown && (await hasEntry(incidentId, 'stop-requested', config));
  const leftOutOfService =
    (await hasEntry(incidentId, membershipEntry, config)) && !(await hasEntry(incidentId, 'back-in-service', config));
  const rescue = incident.aftermath
    ? 'NONE'
    : leftStopped
      ? 'START'
      : leftOutOfService && !isDown
        ? 'PUT_BACK'
        : 'NONE';
  return { state, leftStopped, leftOutOfService, rescue };
});
