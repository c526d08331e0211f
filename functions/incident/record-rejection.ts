import { codeOf, wordsOf } from '../record/conclude';
import { failureSchema } from '../record/failure';
import type { NewIncident } from '../record/incident';
import { incidentIdOf } from '../record/incident-id';
import type { Conclusion } from '../record/outcome';
import { closeRecord, openRecord } from '../record/store';
import * as z from '../shared/schema';
import { step } from '../shared/step';

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
    const closing = await closeRecord(incident, concludeRejection(failure), {}, now, config);
    return { ...incident, closing };
  },
);

/** Input that is wrong is rejected; anything else means that a good alarm could not be read, which is a failure. */
export function concludeRejection({ Error: error, Cause: cause }: { Error: string; Cause: string }): Conclusion {
  const words = wordsOf(cause) || error;
  if (error === 'InvalidInputError') {
    return { outcome: 'REJECTED', code: 'input-not-understood', reason: `The input was not understood: ${words}.` };
  }
  return {
    outcome: 'FAILED',
    code: codeOf(error),
    reason: `The alarm could not be read, so nothing was done: ${words}`,
  };
}
