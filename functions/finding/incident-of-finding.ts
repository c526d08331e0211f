import { placeUnless } from '../place/codes';
import { scopeOf } from '../place/place';
import type { NewIncident } from '../record/incident';
import { newIncident } from '../record/new-incident';
import type { Config } from '../shared/config';
import { startedSchema } from '../shared/manual-start';
import { parseOutside } from '../shared/parse';
import * as z from '../shared/schema';
import { findingDrillSchema, findingEventSchema } from './event-schema';
import { keyOfFinding } from './finding';
import { normaliseFinding } from './normalise';

/** The input from a machine that a finding started. */
export const findingInputSchema = z.extend(startedSchema, { lowestSeverity: z.number() });
type Input = z.output<typeof findingInputSchema>;

/**
 * The incident of a finding, or of a drill on one. Its ID comes from the finding and its update, so that a second
 * delivery is the same incident, and a finding that GuardDuty sends again after new activity is a new one.
 * @throws InvalidInputError naming the field
 */
export function incidentOfFinding(
  { event, executionId, playbook, lowestSeverity }: Input,
  now: Date,
  config: Config,
): NewIncident & { finding: NonNullable<NewIncident['finding']> } {
  const drill = typeof event === 'object' && event !== null && 'start' in event;
  const parsed = drill
    ? parseOutside(findingDrillSchema, event, 'event').event
    : parseOutside(findingEventSchema, event, 'event');
  const scope = { ...scopeOf(config), lowestSeverity, drill };
  const { finding, refusal } = normaliseFinding(parsed, scope);
  const where = placeUnless(refusal, finding, scope);
  const key = [keyOfFinding(finding, where.place), playbook, finding.updatedAt, ...(drill ? [executionId] : [])];
  const found = {
    ...(finding.instanceId ? { instanceId: finding.instanceId } : {}),
    ...(refusal ? { refusal } : {}),
    ...where,
  };
  const begun = { executionId, playbook, trigger: 'finding' as const, drill, finding, ...found };
  return newIncident(key.join('#'), begun, now, config);
}
