import { newIncidentSchema } from '../record/incident';
import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { noAnswer, subjectSchema } from './approval';
import { noteExpired } from './store';

const input = z.object({ incident: newIncidentSchema, subject: subjectSchema, what: z.string() });

/** Nobody answered in time, which means no: closes the request, so that a late answer is rejected. */
export const handler = step('expire-approval', input, async ({ incident, subject, what }, { clock, config }) => {
  const at = clock.now().toISOString();
  await noteExpired(incident.incidentId, subject, config);
  const entry = {
    key: `approval-expired#${subject}`,
    at,
    what: `Nobody answered in time (${subject}), which means no.`,
  };
  await writeEntry(incident.incidentId, entry, config);
  return noAnswer(subject, what, at);
});
