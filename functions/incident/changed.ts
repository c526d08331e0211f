import { beganAt, type Changes, mergeChanges, tellChanges, withElsewhere } from '../context/changes';
import { lookUpChanges } from '../context/look-up';
import type { ClosingIncident } from '../record/closing-incident';
import type { StepTools } from '../shared/step';

/**
 * What changed before an incident, looked up once more as it closes, since CloudTrail delivers events minutes late. Only
 * if it was looked up at the start; a read that fails leaves what was known then.
 */
export async function lookAgainAtChanges(
  incident: ClosingIncident,
  tools: StepTools,
): Promise<{ notes: string[]; changes?: Changes }> {
  const { changes: first } = incident;
  if (!first) return { notes: [] };
  const second = await lookUpChanges(
    { resources: first.resources, identities: first.identities, since: new Date(first.since) },
    incident.incidentId,
    tools,
  );
  const unread = first.isComplete ? undefined : 'Auto Scaling, CodeDeploy and Systems Manager were not read.';
  const changes = withElsewhere(mergeChanges(first, second), [], [unread]);
  return { notes: [tellChanges(changes, beganAt(incident))], changes };
}
