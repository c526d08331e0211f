import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { readAlarmName } from '../enrolment/alarm-kinds';
import { describeStandingAlarms } from '../enrolment/describe-alarms';
import { forEachPlace } from '../place/for-each-place';
import { inPlace, stayIn } from '../place/in-place';
import { isOwn, ownPlace, scopeOf } from '../place/place';
import { emit } from '../record/metrics/emit';
import { atOnce } from '../shared/at-once';
import { instanceIdSchema } from '../shared/identifiers';
import { logger } from '../shared/logger';
import * as z from '../shared/schema';
import { type StepTools, step } from '../shared/step';
import { incidentsOf } from './incidents-of-alarms';
import { readPatrolSettings } from './settings';
import { patrolSchema, sumUp } from './sum-up';
import { tell } from './suspicion-record';
import { hasStood, judgeStanding } from './sweep';
import { eitherUnknown, sessionNameOf, toldOfPlace } from './unknown-places';

const input = z.extend(patrolSchema, { executionId: z.string() });

/** No alarm is reported after this time, so that what was found is summarised within the function's time limit. */
const budgetMs = 90_000;
const toldAtOnce = 8;

/**
 * Reports alarms of all places that have stayed in ALARM without an open incident, whoever created them, and the places that
 * are unknown; summarises the patrol. Never starts a playbook. Those that it has no time for are left to the next patrol, and
 * it ends red.
 */
export const handler = step('sweep-alarms', input, async ({ executionId, ...patrol }, tools) => {
  const { clock, config } = tools;
  const until = clock.now().getTime() + budgetMs;
  const { PATROL_STUCK_MINUTES, PATROL_QUIET_HOURS } = readPatrolSettings();
  const scope = scopeOf(config);
  const run = sessionNameOf(executionId);
  const over = await forEachPlace(scope, run, () => standingHere(PATROL_STUCK_MINUTES, tools));
  const standing = over.found.flatMap(({ place, found }) => found.map((one) => ({ ...one, place })));
  const incidents = await incidentsOf(
    standing.map(({ alarm }) => alarm),
    config,
  );
  const stuck = standing.flatMap(({ alarm, instanceId, place }) => {
    const found = judgeStanding(alarm, incidents.get(alarm.alarmArn), clock.now(), PATROL_STUCK_MINUTES);
    const facts = { subject: alarm.alarmName, ...(instanceId ? { instanceId } : {}), notes: [] };
    return found ? [{ place, facts: { ...facts, ...found } }] : [];
  });
  // Its own reasons first: those in the state are cut short.
  const unknown = eitherUnknown(over.unknown, patrol.fleet.unknown);
  const toTell = [...unknown.map((one) => ({ place: ownPlace(scope), facts: toldOfPlace(one) })), ...stuck];
  const told = await atOnce(toTell, toldAtOnce, async ({ place, facts }) => {
    if (clock.now().getTime() >= until) return 'left';
    try {
      const stay = stayIn(place, scope, run);
      return { incidentId: await inPlace(stay, () => tell(facts, executionId, PATROL_QUIET_HOURS, tools)) };
    } catch (error) {
      if (isOwn(place, scope)) throw error;
      // One account keeps no other from being told of; this one ends the patrol red, and the next one tells of it.
      logger.error('an alarm could not be told', { ...place, subject: facts.subject, why: String(error) });
      return 'left';
    }
  });
  const end = sumUp(patrol, {
    stuck: stuck.length,
    left: told.filter((one) => one === 'left').length,
    told: told.flatMap((one) => (one === 'left' ? [] : (one.incidentId ?? []))),
    unknown,
    own: ownPlace(scope).account,
  });
  emit(
    [
      { name: 'UnattendedAlarms', value: stuck.length },
      { name: 'PatrolledInstances', value: end.scored },
    ],
    config.STAGE,
  );
  return end;
});

/** The alarms of the place that the running code is in which have been in ALARM for so long that somebody should know. */
async function standingHere(stuckMinutes: number, { clock, config }: StepTools) {
  return (await describeStandingAlarms(config.STAGE))
    .map((one) => ({ alarm: toStanding(one, clock.now()), instanceId: instanceOf(one, config.STAGE) }))
    .filter(({ alarm }) => hasStood(alarm, clock.now(), stuckMinutes));
}

function toStanding(one: MetricAlarm | CompositeAlarm, now: Date) {
  const { AlarmArn = '', AlarmName = '', StateTransitionedTimestamp, StateUpdatedTimestamp } = one;
  const changed = StateTransitionedTimestamp ?? StateUpdatedTimestamp ?? now;
  return { alarmArn: AlarmArn, alarmName: AlarmName, changedAt: changed.toISOString() };
}

function instanceOf(alarm: MetricAlarm | CompositeAlarm, stage: string): string | undefined {
  const known = readAlarmName(alarm.AlarmName ?? '', stage)?.instanceId;
  if (known || !('Dimensions' in alarm)) return known;
  const named = alarm.Dimensions?.find(({ Name }) => Name === 'InstanceId')?.Value;
  return instanceIdSchema.safeParse(named).success ? named : undefined;
}
