import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { type Placed, type PlacedAlarm, reviewRecordSchema } from '../../functions/review/record';
import type { AlarmSeries } from '../../functions/review/replay';
import { type Review, review } from '../../functions/review/review';
import { parseWith } from '../../functions/shared/parse';
import type { SimulatedCloud } from '../cloud';

/** An alarm that fired, in the simulated account that it is in. */
interface Fired extends PlacedAlarm {
  cloud: SimulatedCloud;
}

/** The simulated accounts of a stack. */
interface Accounts {
  cloud: SimulatedCloud;
  region: string;
  places: readonly { account: string; region: string; cloud: SimulatedCloud }[];
}

/** Notes from now on which alarms fire, each once, in every account that a stack's stage looks after. */
export function noteFired({ cloud, places, region }: Accounts): Fired[] {
  const fired: Fired[] = [];
  const note = (of: SimulatedCloud, placed: Placed) =>
    of.cloudWatch.alarms.onTransition(({ name: alarmName, state }) => {
      const isNew = !fired.some((one) => one.alarmName === alarmName && one.cloud === of);
      if (state.value === 'ALARM' && isNew) fired.push({ alarmName, cloud: of, ...placed });
    });
  note(cloud, {});
  // Another region is another deployment's.
  for (const one of places)
    if (one.region === region) note(one.cloud, { place: { account: one.account, region: one.region } });
  return fired;
}

/** The metrics of the alarms that fired during a drill, one value per period. Must be read while the stack is up. */
export function alarmSeriesOf(fired: readonly Fired[], window: { from: number; to: number }): AlarmSeries[] {
  return fired.flatMap(({ alarmName, place, cloud }) => {
    const alarm = cloud.cloudWatch.alarms.find(alarmName);
    const settings: PutMetricAlarmInput | undefined = alarm && 'input' in alarm ? alarm.input : undefined;
    if (!settings?.MetricName || !settings.Namespace) return [];
    const { MetricName: metricName, Namespace: namespace, Statistic: stat = 'Average', Period = 300 } = settings;
    const dimensions = Object.fromEntries(
      (settings.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]),
    );
    const metric = { namespace, metricName, dimensions };
    const points = cloud.cloudWatch.read(metric, { ...window, periodSeconds: Period, stat });
    return [
      {
        alarmName,
        ...(place ? { place } : {}),
        metric: metricName,
        periodSeconds: Period,
        threshold: settings.Threshold ?? 0,
        breachesAtThreshold: settings.ComparisonOperator === 'GreaterThanOrEqualToThreshold',
        evaluationPeriods: settings.EvaluationPeriods ?? 1,
        datapointsToAlarm: settings.DatapointsToAlarm ?? settings.EvaluationPeriods ?? 1,
        times: points.map(({ at }) => at),
        values: points.map(({ value }) => value),
      },
    ];
  });
}

/** The review of a drill's records, the same as for a stage's. */
export function reviewOfDrill(
  items: readonly Record<string, unknown>[],
  series: readonly AlarmSeries[],
  { stage, from, to }: { stage: string; from: number; to: number },
): Review {
  const closed = items.filter(({ sk, status }) => sk === 'RECORD' && status === 'CLOSED');
  const records = closed.map((item) => parseWith(reviewRecordSchema, item, 'record'));
  return review(records, series, { stage, from: new Date(from), until: new Date(to) });
}
