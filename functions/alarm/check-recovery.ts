import { DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { describeStatus } from '../guard/describe';
import { step } from '../incident/ending-step';
import { targetedIncidentSchema } from '../record/leased-incident';
import { cloudWatch } from '../shared/clients/cloudwatch';
import * as z from '../shared/schema';
import { readAlarm } from './alarm-now';
import { type Evidence, judge, recoverySchema, stateForInstance } from './recovery';

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
  const alarmState = alarm && !drill ? stateForInstance(await readAlarm(alarm)) : undefined;
  const after = stop ? 'stop-start' : 'reboot';
  const now = clock.now();
  const found = judge(after, { alarmState, checks, newAlarms: [] }, recovery, now, ceilingSeconds);
  if (found.verdict !== 'DONE') return found;
  // Only checks that would end it read other alarms: DescribeAlarms allows nine requests per second for the whole account.
  const others = await alarmsSince(instanceId, actedAt, alarm?.alarmName);
  return judge(after, { alarmState, checks, ...others }, recovery, now, ceilingSeconds);
});

/** The page size; with more alarms than that in ALARM there is a storm, in which an instance's other alarms mean little. */
const pageSize = 100;

/** Other alarms of the instance that went into ALARM after a given time. */
async function alarmsSince(
  instanceId: string,
  since: string,
  exceptName: string | undefined,
): Promise<Pick<Evidence, 'newAlarms' | 'settlesWithinSeconds'>> {
  const { MetricAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({ StateValue: 'ALARM', AlarmTypes: ['MetricAlarm'], MaxRecords: pageSize }),
  );
  const found = MetricAlarms.filter((one) => one.AlarmName !== exceptName && isNewOn(one, instanceId, since));
  return {
    newAlarms: found.map(({ AlarmName }) => AlarmName ?? ''),
    ...(found.length > 0 ? { settlesWithinSeconds: Math.min(...found.map(spanOf)) } : {}),
  };
}

function isNewOn(alarm: MetricAlarm, instanceId: string, since: string): boolean {
  const metrics = (alarm.Metrics ?? []).flatMap(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? []);
  const isOfInstance = [...(alarm.Dimensions ?? []), ...metrics].some(
    ({ Name, Value }) => Name === 'InstanceId' && Value === instanceId,
  );
  const changedAt = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
  return isOfInstance && changedAt !== undefined && changedAt.getTime() > Date.parse(since);
}

/** Periods that CloudWatch evaluates beyond those of the alarm, and one that may just have started; source: "How CloudWatch alarms treat missing data". */
const extraPeriods = 3;

function spanOf({ EvaluationPeriods = 1, Period, Metrics = [] }: MetricAlarm): number {
  const period = Math.max(Period ?? 0, 60, ...Metrics.map((one) => one.MetricStat?.Period ?? one.Period ?? 0));
  return (EvaluationPeriods + extraPeriods) * period;
}
