import { targetedIncidentSchema } from '../record/leased-incident';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { evidenceBucket, lockEvidence } from './locked-evidence';

const input = z.object({ incident: targetedIncidentSchema });

/**
 * Copies the evidence and the saved states of an isolation to the stage's bucket; nothing in a stage without one.
 * @throws EvidenceNotLockedError if the bucket does not take it, or the incident is not open
 */
export const handler = step('lock-evidence', input, async ({ incident }, tools) => {
  const bucket = evidenceBucket();
  if (bucket) await lockEvidence(incident.incidentId, bucket, tools);
  return { isLocked: bucket !== '' };
});
