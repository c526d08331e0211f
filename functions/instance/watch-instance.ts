import { describeInstance, describeStatus } from '../guard/describe';
import { targetedIncidentSchema } from '../record/leased-incident';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { ceilingOf, goalSchema, look, pollSchema } from './watch';

const input = z.object({
  incident: z.extend(targetedIncidentSchema, { poll: z.optional(pollSchema) }),
  goal: goalSchema,
  ceilingSeconds: z.number(),
});

/** Checks the progress of a stop or a start once; the state machine waits in between. Changes nothing. */
export const handler = step('watch-instance', input, async ({ incident, goal, ceilingSeconds }, { clock }) => {
  const { instanceId, poll: previous } = incident;
  const snapshot = await describeInstance(instanceId);
  const checks = goal === 'running' ? { checks: await describeStatus(instanceId) } : {};
  const ceiling = ceilingOf(goal, snapshot.instanceType, ceilingSeconds);
  return look(goal, { snapshot, ...checks }, previous, clock.now(), ceiling);
});
