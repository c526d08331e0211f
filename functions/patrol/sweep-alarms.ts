import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { readAlarmName } from '../enrolment/alarm-kinds';
import { describeStandingAlarms } from '../enrolment/describe-alarms';
import { emit } from '../record/metrics/emit';
import { atOnce } from '../shared/at-once';
import { instanceIdSchema } from '../shared/identifiers';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { incidentsOf } from './incidents-of-alarms';
import { readPatrolSettings } from './settings';
import { patrolSchema, sumUp } from './sum-up';
import { tell } from './suspicion-record';
import { hasStood, judgeStanding } from './sweep';

const input = z.extend(patrolSchema, { executionId: z.string() });

/** No alarm is reported after this time, so that what was found is summarised within the function's time limit. */
const budgetMs = 90_000;
const toldAtOnce = 8;

/**
 * Reports alarms that have stayed in ALARM without an open incident, whoever created them, and summarises the patrol.
 * Never starts a playbook. Those that it has no time for are left to the next patrol, and it ends red.
 */
export const handler = step('sweep-alarms', input, async ({ executionId, ...patrol }, tools) => {
  const { clock, config } = tools;
  const until = clock.now().getTime() + budgetMs;
  const { PATROL_STUCK_MINUTES, PATROL_QUIET_HOURS } = readPatrolSettings();
  const standing = (await describeStandingAlarms(config.STAGE))
    .map((one) => ({ alarm: toStanding(one, clock.now()), instanceId: instanceOf(one, config.STAGE) }))
    .filter(({ alarm }) => hasStood(alarm, clock.now(), PATROL_STUCK_MINUTES));
  const incidents = await incidentsOf(
    standing.map(({ alarm }) => alarm),
    config,
  );
  const stuck = standing.flatMap(({ alarm, instanceId }) => {
    const found = judgeStanding(alarm, incidents.get(alarm.alarmArn), clock.now(), PATROL_STUCK_MINUTES);
    return found ? [{ subject: alarm.alarmName, ...(instanceId ? { instanceId } : {}), ...found, notes: [] }] : [];
  });
  const told = await atOnce(stuck, toldAtOnce, async (facts) =>
    clock.now().getTime() < until ? { incidentId: await tell(facts, executionId, PATROL_QUIET_HOURS, tools) } : 'left',
  );
  const end = sumUp(patrol, {
    stuck: stuck.length,
    left: told.filter((one) => one === 'left').length,
    told: told.flatMap((one) => (one === 'left' ? [] : (one.incidentId ?? []))),
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
