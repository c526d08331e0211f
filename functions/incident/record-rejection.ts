import { codeOf, wordsOfFailure } from '../record/conclude';
import type { Conclusion } from '../record/conclusion';
import { type Failure, failureSchema } from '../record/failure';
import { newIncident } from '../record/new-incident';
import { closeRecord, openRecord } from '../record/store';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { inDigest } from './digest';

const input = z.object({ executionId: z.string(), playbook: z.string(), failure: failureSchema });

/** Playbooks that no rule starts. */
const startedByPeople = ['release-instance', 'patch-instance'];

/** Records input that could not be read as an incident, so that nothing is lost without a trace. */
export const handler = step(
  'record-rejection',
  input,
  async ({ executionId, playbook, failure }, { clock, config }) => {
    const now = clock.now();
    const trigger = startedByPeople.includes(playbook) ? ('manual' as const) : ('alarm' as const);
    const begun = { executionId, playbook, trigger };
    const incident = newIncident(`rejected#${executionId}`, begun, now, config);
    await openRecord(incident, now, config);
    const conclusion = concludeRejection(failure);
    const teller = await inDigest(incident, conclusion, now, config);
    const closing = await closeRecord(incident, conclusion, teller ? { toldBy: teller } : {}, now, config);
    return { ...incident, closing };
  },
);

/** Invalid input is rejected; any other error means that valid input could not be followed up, which is a failure. */
export function concludeRejection(failure: Failure): Conclusion {
  const words = wordsOfFailure(failure);
  if (failure.Error === 'InvalidInputError') {
    return { outcome: 'REJECTED', code: 'input-not-understood', reason: `The input is not valid: ${words}.` };
  }
  const code = codeOf(failure.Error);
  return {
    outcome: code === 'place-unreachable' ? 'ESCALATED' : 'FAILED',
    code,
    reason: `What the playbook was started with could not be read, so nothing was done: ${words}`,
  };
}
