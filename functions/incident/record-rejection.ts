import * as z from 'zod/mini';
import { step } from '../shared/step';
import { wordsOf } from './conclude';
import { failureSchema, incidentIdOf, type NewIncident } from './incident';
import { closeRecord, openRecord } from './store';

const input = z.object({ executionId: z.string(), playbook: z.string(), failure: failureSchema });

/** Keeps what could not be read as an incident of its own, so that nothing is lost without a trace. */
export const handler = step(
  'record-rejection',
  input,
  async ({ executionId, playbook, failure }, { clock, config }) => {
    const now = clock.now();
    const incident: NewIncident = {
      schemaVersion: 1,
      incidentId: incidentIdOf(`rejected#${executionId}`),
      executionId,
      playbook,
      trigger: 'alarm',
      drill: false,
      mode: config.MODE,
      openedAt: now.toISOString(),
    };
    await openRecord(incident, now, config);
    const conclusion = {
      outcome: 'REJECTED' as const,
      code: 'input-not-understood',
      reason: `The input was not understood: ${wordsOf(failure.Cause)}`,
    };
    const closing = await closeRecord(incident, conclusion, {}, now, config);
    return { ...incident, closing };
  },
);
