import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { assertApproved } from '../approval/approved';
import { assertInTurn } from '../guard/in-turn';
import { assertMayAct } from '../guard/may-act';
import { step } from '../incident/ending-step';
import type { Conclusion } from '../record/conclusion';
import { targetedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import { unlessAlready } from '../shared/ask-again';
import { stepFunctions } from '../shared/clients/step-functions';
import { parseWith } from '../shared/parse';
import { plainText } from '../shared/plain-text';
import * as z from '../shared/schema';

const input = z.object({
  incident: z.extend(targetedIncidentSchema, {
    eligibility: z.object({ planned: z.object({ code: z.string(), notBefore: z.optional(z.string()) }) }),
    approval: z.object({ answeredBy: z.optional(z.string()) }),
  }),
});
const environment = z.object({ RESTART_MACHINE_ARN: z.string() });

/**
 * Starts restart-instance as whoever approved it would: with every guard of a manual start. The name of the execution is
 * the incident's, so that a retry starts nothing twice.
 */
export const handler = step('start-restart', input, async ({ incident }, tools) => {
  const { clock, config } = tools;
  const { incidentId, instanceId, place, eligibility, approval } = incident;
  const { code } = eligibility.planned;
  const { RESTART_MACHINE_ARN } = parseWith(environment, process.env, 'environment');
  await assertMayAct(incident, config);
  await assertInTurn(incident, config);
  await assertApproved(incident, { subject: 'move-host', instanceId, code }, tools);
  const at = clock.now().toISOString();
  await writeEntry(incidentId, { key: 'restart-started', at, what: 'Starting restart-instance.' }, config);
  const reason = plainText(`EC2 has planned ${code} for it (incident ${incidentId})`).slice(0, 250);
  const requestedBy = plainText(approval.answeredBy ?? 'unknown').slice(0, 250);
  const request = new StartExecutionCommand({
    stateMachineArn: RESTART_MACHINE_ARN,
    name: incidentId,
    input: JSON.stringify({ start: 'manual', instanceId, ...(place ? { place } : {}), reason, requestedBy }),
  });
  await unlessAlready('ExecutionAlreadyExists', stepFunctions.send(request));
  return { verdict: 'STARTED', conclusion: started(instanceId) };
});

const started = (instanceId: string): Conclusion => ({
  outcome: 'SKIPPED',
  code: 'restart-started',
  reason: `Approved: restart-instance stops and starts ${instanceId}, and its own incident says how that ends.`,
});
