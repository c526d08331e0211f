import { step } from '../incident/ending-step';
import { targetedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { complianceSchema, judgePatch, patchSchema } from './patch';
import { readCompliance } from './systems-manager';

const input = z.object({
  incident: z.extend(targetedIncidentSchema, {
    request: patchSchema,
    eligibility: z.object({ before: z.optional(complianceSchema) }),
    command: z.object({ at: z.string() }),
  }),
});

/** Reads the counts after the command and compares them with those before. */
export const handler = step('read-compliance', input, async ({ incident }, { clock, config }) => {
  const { incidentId, instanceId, request, eligibility, command } = incident;
  const after = await readCompliance(instanceId);
  const conclusion = judgePatch(request, eligibility.before, after, command.at);
  const counts = { before: eligibility.before ?? {}, after: after ?? {} };
  const entry = { key: 'compliance', at: clock.now().toISOString(), what: conclusion.reason, before: counts };
  await writeEntry(incidentId, entry, config);
  return { ...(after ? { after } : {}), conclusion };
});
