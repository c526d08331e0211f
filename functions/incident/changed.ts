import { beganAt, type Changes, mergeChanges, tellChanges } from '../context/changes';
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
    { resources: first.resources, since: new Date(first.since) },
    incident.incidentId,
    tools,
  );
  const changes =
    second.unknown && second.changes.length === 0 ? { ...first, unknown: second.unknown } : mergeChanges(first, second);
  return { notes: [tellChanges(changes, beganAt(incident))], changes };
}
