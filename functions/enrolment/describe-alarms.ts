import { DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { chunksOf } from '../shared/chunks';
import { cloudWatch } from '../shared/clients/cloudwatch';
import { pause } from '../shared/clock';
import { type AlarmKind, alarmKinds, alarmNameOf, alarmPrefixes, readAlarmName } from './alarm-kinds';

/** Milliseconds between two pages: DescribeAlarms is allowed nine a second (CloudWatch service quotas). */
const pageEveryMs = 200;

/** The most names that one DescribeAlarms call takes. Source: CloudWatch API reference, DescribeAlarms. */
const namesACall = 100;

/** The alarms that enrolment made for some instances; those that do not exist are left out. */
export async function describeAlarmsOf(
  instanceIds: readonly string[],
  stage: string,
  kinds: readonly AlarmKind[] = alarmKinds,
): Promise<MetricAlarm[]> {
  const names = instanceIds.flatMap((instanceId) => kinds.map((kind) => alarmNameOf(kind, stage, instanceId)));
  const found: MetricAlarm[] = [];
  for (const AlarmNames of chunksOf(names, namesACall)) {
    const page = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ['MetricAlarm'], MaxRecords: namesACall }),
    );
    found.push(...(page.MetricAlarms ?? []));
  }
  return found;
}

/** All alarms of the stage that enrolment made, or only those in one state. */
export async function describeEnrolledAlarms(stage: string, StateValue?: 'ALARM'): Promise<MetricAlarm[]> {
  const found: MetricAlarm[] = [];
  for (const AlarmNamePrefix of alarmPrefixes(stage)) {
    let NextToken: string | undefined;
    do {
      const page = await cloudWatch.send(
        new DescribeAlarmsCommand({
          AlarmNamePrefix,
          AlarmTypes: ['MetricAlarm'],
          MaxRecords: 100,
          ...(StateValue ? { StateValue } : {}),
          ...(NextToken ? { NextToken } : {}),
        }),
      );
      found.push(...(page.MetricAlarms ?? []));
      NextToken = page.NextToken;
      if (NextToken) await pause(pageEveryMs);
    } while (NextToken);
  }
  return found.filter(({ AlarmName }) => readAlarmName(AlarmName ?? '', stage) !== undefined);
}
