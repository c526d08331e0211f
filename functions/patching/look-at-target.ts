import { describeInstance } from '../guard/describe';
import { assertTagsAllow } from '../guard/tags';
import { step } from '../incident/ending-step';
import { targetedIncidentSchema } from '../record/leased-incident';
import * as z from '../shared/schema';

const input = z.object({ incident: targetedIncidentSchema, mustAllow: z._default(z.optional(z.boolean()), false) });

/**
 * Reads the instance and its tags; changes nothing. The steps that call Systems Manager have no EC2 client, so this
 * comes before each of them.
 * @throws NotOptedInError, ProtectedInstanceError if `mustAllow` is set
 */
export const handler = step('look-at-target', input, async ({ incident, mustAllow }, { config }) => {
  const snapshot = await describeInstance(incident.instanceId);
  if (mustAllow) assertTagsAllow(snapshot.tags, config);
  return snapshot;
});
