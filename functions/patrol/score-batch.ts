import { preprocess } from '../anomaly/preprocess';
import { alarmKinds, readAlarmName } from '../enrolment/alarm-kinds';
import { describeAlarmsOf } from '../enrolment/describe-alarms';
import { inPlace, stayIn } from '../place/in-place';
import { placeSchema, scopeOf } from '../place/place';
import { instanceIdSchema } from '../shared/identifiers';
import * as z from '../shared/schema';
import { type StepTools, step } from '../shared/step';
import { collectFleet, patrolDays as days, patrolPeriodSeconds as periodSeconds } from './collect-fleet';
import { readPatrolSettings } from './settings';
import { suspect } from './suspect';
import { tell } from './suspicion-record';
import { sessionNameOf } from './unknown-places';

const input = z.object({
  executionId: z.string(),
  batch: z.object({ place: placeSchema, instanceIds: z.array(instanceIdSchema) }),
});

/** A patrol judges data newer than this; it runs more often. */
const lookbackMs = 2 * 3_600_000;

/** Scores a batch of instances of one place and reports anomalies. Never changes an instance. */
export const handler = step('score-batch', input, ({ executionId, batch: { place, instanceIds } }, tools) =>
  inPlace(stayIn(place, scopeOf(tools.config), sessionNameOf(executionId)), () =>
    scoreHere(instanceIds, executionId, tools),
  ),
);

async function scoreHere(batch: readonly string[], executionId: string, tools: StepTools) {
  const settings = readPatrolSettings();
  const stepMs = periodSeconds * 1000;
  // The current period has only part of its sum, which would look like a drop.
  const until = Math.floor(tools.clock.now().getTime() / stepMs) * stepMs;
  const collected = await collectFleet(batch, new Date(until - days * 86_400_000), new Date(until), periodSeconds);
  const thresholds = await thresholdsOf(batch, tools.config.STAGE);
  const told: string[] = [];
  let blind = 0;
  for (const [instanceId, raw] of collected) {
    const { suspicions, unknown } = suspect(
      preprocess(raw, { stepMs }),
      until - lookbackMs,
      thresholds.get(instanceId) ?? {},
      settings,
    );
    if (unknown.length === raw.length) blind++;
    const [first, ...others] = suspicions;
    if (!first) continue;
    const facts = { subject: instanceId, instanceId, code: first.kind, reason: `${first.sentence}.` };
    const notes = [...others.map(({ sentence }) => `${sentence}.`), ...unknown.map((one) => `${one}.`)];
    const incidentId = await tell({ ...facts, notes }, executionId, settings.PATROL_QUIET_HOURS, tools);
    if (incidentId) told.push(incidentId);
  }
  return { scored: batch.length - blind, blind, told };
}

/** The thresholds of the instances' alarms, by instance and metric, for the forecasts. */
async function thresholdsOf(
  instanceIds: readonly string[],
  stage: string,
): Promise<Map<string, Record<string, number>>> {
  const kinds = alarmKinds.filter(({ override }) => override !== undefined);
  const found = new Map<string, Record<string, number>>();
  for (const { AlarmName = '', MetricName, Threshold } of await describeAlarmsOf(instanceIds, stage, kinds)) {
    const instanceId = readAlarmName(AlarmName, stage)?.instanceId;
    if (!instanceId || !MetricName || Threshold === undefined) continue;
    found.set(instanceId, { ...found.get(instanceId), [MetricName]: Threshold });
  }
  return found;
}
