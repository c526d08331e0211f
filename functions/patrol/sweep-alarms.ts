import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { clocksDifferMs } from '../alarm/confirm';
import { readAlarmName } from '../enrolment/alarm-kinds';
import { describeStandingAlarms } from '../enrolment/describe-alarms';
import { incidentIdOf } from '../record/incident-id';
import { emit } from '../record/metrics/emit';
import { openedBetween } from '../record/opened-between';
import { recordKey } from '../record/store';
import { readItem } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { instanceIdSchema } from '../shared/identifiers';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { readPatrolSettings } from './settings';
import { patrolSchema, sumUp } from './sum-up';
import { tell } from './suspicion-record';
import { judgeStanding, type KnownIncident } from './sweep';

const input = z.extend(patrolSchema, { executionId: z.string() });

/**
 * Reports alarms that have stayed in ALARM without an open incident, whoever created them, and summarises the patrol.
 * Never starts a playbook.
 */
export const handler = step('sweep-alarms', input, async ({ executionId, ...patrol }, tools) => {
  const { clock, config } = tools;
  const { PATROL_STUCK_MINUTES, PATROL_QUIET_HOURS } = readPatrolSettings();
  const standing = await describeStandingAlarms(config.STAGE);
  const told: string[] = [];
  let stuck = 0;
  for (const one of standing) {
    const { AlarmArn = '', AlarmName = '', StateTransitionedTimestamp, StateUpdatedTimestamp } = one;
    const changed = StateTransitionedTimestamp ?? StateUpdatedTimestamp ?? clock.now();
    const alarm = { alarmArn: AlarmArn, alarmName: AlarmName, changedAt: changed.toISOString() };
    const found = judgeStanding(alarm, await incidentOf(alarm, config), clock.now(), PATROL_STUCK_MINUTES);
    if (!found) continue;
    stuck++;
    const instanceId = instanceOf(one, config.STAGE);
    const facts = { subject: AlarmName, ...(instanceId ? { instanceId } : {}), ...found, notes: [] };
    const incidentId = await tell(facts, executionId, PATROL_QUIET_HOURS, tools);
    if (incidentId) told.push(incidentId);
  }
  const end = sumUp(patrol, { stuck, told });
  emit(
    [
      { name: 'UnattendedAlarms', value: stuck },
      { name: 'PatrolledInstances', value: end.scored },
    ],
    config.STAGE,
  );
  return end;
});

function instanceOf(alarm: MetricAlarm | CompositeAlarm, stage: string): string | undefined {
  const known = readAlarmName(alarm.AlarmName ?? '', stage)?.instanceId;
  if (known || !('Dimensions' in alarm)) return known;
  const named = alarm.Dimensions?.find(({ Name }) => Name === 'InstanceId')?.Value;
  return instanceIdSchema.safeParse(named).success ? named : undefined;
}

/** An event reaches its machine within this time, or its rule gives up. */
const takenUpWithinMs = 3_600_000;

/**
 * The incident of an alarm transition: its ID follows from the alarm and the time of the change. If CloudWatch's two
 * timestamps differ, or the alarm has contributors, it is looked up among the incidents opened at that time.
 */
async function incidentOf(
  { alarmArn, changedAt }: { alarmArn: string; changedAt: string },
  config: Config,
): Promise<KnownIncident | undefined> {
  const known = await readItem(recordKey(incidentIdOf([alarmArn, changedAt].join('#'))), config);
  if (known) return known as unknown as KnownIncident;
  const from = new Date(Date.parse(changedAt) - clocksDifferMs);
  const until = new Date(Date.parse(changedAt) + takenUpWithinMs);
  for await (const record of openedBetween(config.TABLE_NAME, from, until)) {
    const { alarm } = record as { alarm?: { alarmArn?: string; changedAt?: string } };
    const isOfThis = alarm?.alarmArn === alarmArn && Date.parse(alarm.changedAt ?? '') >= from.getTime();
    if (isOfThis) return record as unknown as KnownIncident;
  }
  return undefined;
}
