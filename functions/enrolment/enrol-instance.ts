import { describeInstance } from '../guard/describe';
import { inPlace, stayIn } from '../place/in-place';
import { type Place, type Scope, scopeOf } from '../place/place';
import { placeOf } from '../place/place-of';
import { fromAws, InstanceGoneError } from '../shared/aws-errors';
import { InvalidInputError } from '../shared/errors';
import { type StepTools, step } from '../shared/step';
import { type AgentMetric, byInstance } from './agent-metric';
import { listAgentMetrics } from './agent-metrics';
import { type AlarmKind, agentAlarmNameOf, agentKinds, playbooksOf } from './alarm-kinds';
import { applyChanges } from './apply';
import { describeAlarmsOf, describeNamed } from './describe-alarms';
import { type Candidate, desiredAlarms } from './desired';
import { diffAlarms } from './diff';
import { type EnrolmentEvent, enrolmentEventSchema, instanceOf } from './event-schema';
import { readThresholds } from './settings';

/** Longer queues are left to the reconcile run, which handles a thousand instances at once. */
const longestWaitMs = 20_000;
const budgetMs = 45_000;

/**
 * Creates or removes an instance's alarms according to its tags and state, whatever the event said: events may be late,
 * duplicated or out of order. Safe to run again; a run after the tag is removed reverts it.
 */
export const handler = step('enrol-instance', enrolmentEventSchema, async (event, tools) => {
  const scope = scopeOf(tools.config);
  const place = placeIn(event, scope);
  const instanceId = instanceOf(event);
  return inPlace(stayIn(place, scope, `enrol-${instanceId}`, instanceId), () => enrol(instanceId, tools));
});

async function enrol(instanceId: string, tools: StepTools) {
  const { config, clock } = tools;
  const metrics = byInstance(await listAgentMetrics(instanceId)).get(instanceId) ?? [];
  const { alarms, problems } = desiredAlarms(await lookAt(instanceId), readThresholds(), config, metrics);
  const agentNames = agentKinds.flatMap((kind) => agentNamesOf(kind, metrics, config.STAGE));
  const existing = await describeAlarmsOf([instanceId], config.STAGE);
  const changes = diffAlarms(alarms, [...existing, ...(await describeNamed(agentNames))]);
  const until = new Date(clock.now().getTime() + budgetMs);
  const applied = await applyChanges(changes, tools, until, longestWaitMs);
  return {
    instanceId,
    verdict: applied.left > 0 ? 'LEFT_TO_RECONCILE' : 'DONE',
    ...applied,
    problems: [...problems, ...changes.problems],
  };
}

/** Where the instance is. @throws InvalidInputError naming the field */
function placeIn(event: EnrolmentEvent, scope: Scope): Place {
  const { place, refusal } = placeOf('instance', event, scope);
  if (!refusal) return place;
  if (refusal.code === 'place-contradicted') throw new InvalidInputError('event.resources', refusal.reason);
  const part = refusal.code === 'wrong-region' ? 'region' : 'account';
  throw new InvalidInputError(`event.${part}`, `is another ${part}`);
}

/** The names that a kind's alarms on an instance may have, whatever its group. */
const agentNamesOf = (kind: AlarmKind, metrics: readonly AgentMetric[], stage: string) =>
  playbooksOf(kind).flatMap((playbook) =>
    metrics
      .filter(({ metricName }) => metricName === kind.properties.MetricName)
      .map((one) => agentAlarmNameOf({ ...kind, playbook }, stage, one)),
  );

/** The instance as it is now; a missing one counts as terminated, so that its alarms are removed. */
async function lookAt(instanceId: string): Promise<Candidate> {
  try {
    return await describeInstance(instanceId);
  } catch (error) {
    if (!(fromAws(error) instanceof InstanceGoneError)) throw error;
    return { instanceId, state: 'terminated', tags: {} };
  }
}
