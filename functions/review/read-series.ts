import {
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricAlarm,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { metricsARequest, pageEveryMs, pointsACall } from '../patrol/collect-fleet';
import { chunksOf } from '../shared/chunks';
import { cloudWatch } from '../shared/clients/cloudwatch';
import { pause } from '../shared/clock';
import type { AlarmSeries } from './replay';

const namesACall = 100;

/** The weekly review asks for no metric after this time, so that it is written within its function's time limit. */
export const readingMs = 150_000;

/** What to read, and whether there is still time for another request; without it, there always is. */
export interface Reading {
  from: Date;
  until: Date;
  hasTime?: () => boolean;
}

/** The series of a place's alarms, and the names of those without one. */
export interface SeriesHere {
  series: AlarmSeries[];
  /** Deleted, on an expression, or going off below their threshold: no other threshold can be tried. */
  unfit: string[];
  /** There was no time for these. */
  late: string[];
}

/** An alarm whose metric can be read, and that goes off above its threshold. */
type FitAlarm = MetricAlarm & Required<Pick<MetricAlarm, 'AlarmName' | 'MetricName' | 'Statistic'>>;

/**
 * The metrics of alarms in the place that the running code is in, at the pace of a patrol: CloudWatch counts the datapoints that
 * an account asks for in a second.
 * @throws whatever the SDK client throws: then nothing is known of the place
 */
export async function readSeries(alarmNames: readonly string[], reading: Reading): Promise<SeriesHere> {
  const { hasTime = () => true } = reading;
  const found: SeriesHere = { series: [], unfit: [], late: [] };
  for (const AlarmNames of chunksOf(alarmNames, namesACall)) {
    if (!hasTime()) {
      found.late.push(...AlarmNames);
      continue;
    }
    const { MetricAlarms = [] } = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ['MetricAlarm'], MaxRecords: namesACall }),
    );
    const fit = MetricAlarms.filter(isFit);
    const names = new Set(fit.map(({ AlarmName }) => AlarmName));
    found.unfit.push(...AlarmNames.filter((name) => !names.has(name)));
    for (const some of requestsFor(fit, reading)) {
      if (hasTime()) found.series.push(...(await readSome(some, reading)));
      else found.late.push(...some.map(({ AlarmName }) => AlarmName));
    }
  }
  return found;
}

const isFit = (alarm: MetricAlarm): alarm is FitAlarm =>
  Boolean(alarm.AlarmName && alarm.MetricName && alarm.Statistic) &&
  (alarm.ComparisonOperator === 'GreaterThanThreshold' || alarm.ComparisonOperator === 'GreaterThanOrEqualToThreshold');

const periodOf = ({ Period = 300 }: MetricAlarm) => Period;

/** Alarms of one period, so many that a request asks for no more datapoints than its share of the quota. */
function requestsFor(alarms: readonly FitAlarm[], { from, until }: Reading): FitAlarm[][] {
  return [...new Set(alarms.map(periodOf))].flatMap((period) =>
    chunksOf(
      alarms.filter((one) => periodOf(one) === period),
      metricsARequest(from, until, period),
    ),
  );
}

async function readSome(alarms: readonly FitAlarm[], { from, until }: Reading): Promise<AlarmSeries[]> {
  const series = alarms.map(toSeries);
  let NextToken: string | undefined;
  do {
    const page = await cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: alarms.map(toQuery),
        StartTime: from,
        EndTime: until,
        ScanBy: 'TimestampAscending',
        MaxDatapoints: pointsACall,
        ...(NextToken ? { NextToken } : {}),
      }),
    );
    for (const { Id, Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
      const target = series[Number(Id?.slice(1))];
      Timestamps.forEach((time, index) => {
        target?.times.push(time.getTime());
        target?.values.push(Values[index] ?? Number.NaN);
      });
    }
    NextToken = page.NextToken;
    // After the last one as well: the next request comes at once.
    await pause(pageEveryMs);
  } while (NextToken);
  return series;
}

function toQuery(alarm: FitAlarm, index: number): MetricDataQuery {
  const { Namespace, MetricName, Dimensions, Statistic } = alarm;
  const MetricStat = { Metric: { Namespace, MetricName, Dimensions }, Period: periodOf(alarm), Stat: Statistic };
  return { Id: `m${index}`, MetricStat };
}

const toSeries = (alarm: FitAlarm): AlarmSeries => ({
  alarmName: alarm.AlarmName,
  metric: alarm.MetricName,
  periodSeconds: periodOf(alarm),
  threshold: alarm.Threshold ?? 0,
  breachesAtThreshold: alarm.ComparisonOperator === 'GreaterThanOrEqualToThreshold',
  evaluationPeriods: alarm.EvaluationPeriods ?? 1,
  datapointsToAlarm: alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods ?? 1,
  times: [],
  values: [],
});
