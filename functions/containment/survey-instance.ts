import { guardingTags } from '../guard/tags';
import { targetedIncidentSchema } from '../record/leased-incident';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { describeEnvironment } from './describe';

const input = z.object({ incident: targetedIncidentSchema });

/** Reads everything about the instance that isolation changes; decides nothing and changes nothing. */
export const handler = step('survey-instance', input, async ({ incident }, { config }) => {
  const { instance, ...found } = await describeEnvironment(incident.instanceId, config);
  // The tags of an instance may take a quarter of what an execution's state can hold; the evidence has all of them.
  return { ...found, instance: { ...instance, tags: guardingTags(instance.tags, config) } };
});
