import { DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { describeStatus } from '../guard/describe';
import { targetedIncidentSchema } from '../record/leased-incident';
import { cloudWatch } from '../shared/clients/cloudwatch';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { readAlarm } from './alarm-now';
import { judge, recoverySchema } from './recovery';

const input = z.object({
  incident: z.extend(targetedIncidentSchema, {
    stop: z.optional(z.object({ at: z.string() })),
    reboot: z.optional(z.object({ at: z.string() })),
    recovery: z.optional(recoverySchema),
  }),
  ceilingSeconds: z.number(),
});

/** Checks once whether the alarm has returned to OK and the instance is healthy. Changes nothing. */
export const handler = step('check-recovery', input, async ({ incident, ceilingSeconds }, { clock }) => {
  const { alarm, drill, instanceId, stop, reboot, recovery } = incident;
  const actedAt = stop?.at ?? reboot?.at ?? incident.openedAt;
  const checks = await describeStatus(instanceId);
  const alarmState = alarm && !drill ? ((await readAlarm(alarm))?.state ?? 'DELETED') : undefined;
  const after = stop ? 'stop-start' : 'reboot';
  const now = clock.now();
  const found = judge(after, { alarmState, checks, newAlarms: [] }, recovery, now, ceilingSeconds);
  if (found.verdict !== 'DONE') return found;
  // Only the last check reads other alarms: DescribeAlarms allows nine requests per second for the whole account.
  const newAlarms = await alarmsSince(instanceId, actedAt, alarm?.alarmName);
  return judge(after, { alarmState, checks, newAlarms }, recovery, now, ceilingSeconds);
});

/** The page size; with more alarms than that in ALARM there is a storm, in which an instance's other alarms mean little. */
const pageSize = 100;

/** Other alarms of the instance that went into ALARM after a given time. */
async function alarmsSince(instanceId: string, since: string, exceptName: string | undefined): Promise<string[]> {
  const { MetricAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({ StateValue: 'ALARM', AlarmTypes: ['MetricAlarm'], MaxRecords: pageSize }),
  );
  const found = MetricAlarms.filter((one) => isNewOn(one, instanceId, since)).map((one) => one.AlarmName ?? '');
  return found.filter((name) => name !== exceptName);
}

function isNewOn(alarm: MetricAlarm, instanceId: string, since: string): boolean {
  const isOfInstance = (alarm.Dimensions ?? []).some(
    ({ Name, Value }) => Name === 'InstanceId' && Value === instanceId,
  );
  const changedAt = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
  return isOfInstance && changedAt !== undefined && changedAt.getTime() > Date.parse(since);
}
