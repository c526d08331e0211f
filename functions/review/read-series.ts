import { DescribeAlarmsCommand, GetMetricDataCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { chunksOf } from '../shared/chunks';
import { cloudWatch } from '../shared/clients/cloudwatch';
import type { AlarmSeries } from './replay';

const namesACall = 100;

/** The maximum number of alarms to read series for: each needs weeks of datapoints, a call or two, and memory. */
export const mostSeries = 100;

/** The alarms' metrics in a period. Deleted alarms, and alarms on expressions, are left out. */
export async function readSeries(alarmNames: readonly string[], from: Date, until: Date): Promise<AlarmSeries[]> {
  const found: AlarmSeries[] = [];
  for (const AlarmNames of chunksOf(alarmNames, namesACall)) {
    const { MetricAlarms = [] } = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ['MetricAlarm'], MaxRecords: namesACall }),
    );
    for (const alarm of MetricAlarms) {
      if (alarm.MetricName && alarm.Statistic) found.push(await readOne(alarm, from, until));
    }
  }
  return found;
}

async function readOne(alarm: MetricAlarm, from: Date, until: Date): Promise<AlarmSeries> {
  const { Namespace, MetricName, Dimensions, Period = 300, Statistic } = alarm;
  const MetricStat = { Metric: { Namespace, MetricName, Dimensions }, Period, Stat: Statistic };
  const times: number[] = [];
  const values: number[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: [{ Id: 'm0', MetricStat }],
        StartTime: from,
        EndTime: until,
        ScanBy: 'TimestampAscending',
        ...(NextToken ? { NextToken } : {}),
      }),
    );
    const [result] = page.MetricDataResults ?? [];
    times.push(...(result?.Timestamps ?? []).map((time) => time.getTime()));
    values.push(...(result?.Values ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return {
    alarmName: alarm.AlarmName ?? '',
    metric: MetricName!,
    periodSeconds: Period,
    threshold: alarm.Threshold ?? 0,
    breachesAtThreshold: alarm.ComparisonOperator === 'GreaterThanOrEqualToThreshold',
    evaluationPeriods: alarm.EvaluationPeriods ?? 1,
    datapointsToAlarm: alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods ?? 1,
    times,
    values,
  };
}
