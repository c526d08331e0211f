import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { readAlarmName } from '../enrolment/alarm-kinds';
import { describeEnrolledAlarms } from '../enrolment/describe-alarms';
import { incidentIdOf } from '../incident/incident';
import { recordKey } from '../incident/store';
import { emit } from '../metrics/emit';
import { table } from '../shared/clients/dynamodb';
import type { Config } from '../shared/config';
import { step } from '../shared/step';
import { readPatrolSettings } from './settings';
import { tell } from './suspicion-record';
import { judgeStanding, type KnownIncident } from './sweep';

/** Tells people of alarms that have stayed in ALARM with no incident open. Never starts a playbook itself. */
export const handler = step('sweep-alarms', z.object({ executionId: z.string() }), async ({ executionId }, tools) => {
  const { clock, config } = tools;
  const { PATROL_STUCK_MINUTES, PATROL_QUIET_HOURS } = readPatrolSettings();
  const standing = await describeEnrolledAlarms(config.STAGE, 'ALARM');
  const told: string[] = [];
  let stuck = 0;
  for (const { AlarmArn = '', AlarmName = '', StateTransitionedTimestamp, StateUpdatedTimestamp } of standing) {
    const changed = StateTransitionedTimestamp ?? StateUpdatedTimestamp ?? clock.now();
    const alarm = { alarmArn: AlarmArn, alarmName: AlarmName, changedAt: changed.toISOString() };
    const found = judgeStanding(alarm, await incidentOf(alarm, config), clock.now(), PATROL_STUCK_MINUTES);
    if (!found) continue;
    stuck++;
    const instanceId = readAlarmName(AlarmName, config.STAGE)?.instanceId;
    const facts = { subject: AlarmName, ...(instanceId ? { instanceId } : {}), ...found, notes: [] };
    const incidentId = await tell(facts, executionId, PATROL_QUIET_HOURS, tools);
    if (incidentId) told.push(incidentId);
  }
  emit([{ name: 'UnattendedAlarms', value: stuck }], config.STAGE);
  return { standing: standing.length, stuck, told };
});

/** The incident of an alarm's transition: its id follows from the alarm and the instant of the change. */
async function incidentOf(
  { alarmArn, changedAt }: { alarmArn: string; changedAt: string },
  config: Config,
): Promise<KnownIncident | undefined> {
  const Key = recordKey(incidentIdOf([alarmArn, changedAt].join('#')));
  const { Item } = await table.send(new GetCommand({ TableName: config.TABLE_NAME, Key, ConsistentRead: true }));
  return Item as KnownIncident | undefined;
}
