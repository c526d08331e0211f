import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { reviewRecordSchema } from '../../functions/review/record';
import type { AlarmSeries } from '../../functions/review/replay';
import { type Review, review } from '../../functions/review/review';
import { parseWith } from '../../functions/shared/parse';
import type { Stack } from '../stack/stack';
import type { AlarmTransition } from './result';

/** The metrics of the alarms that fired during a drill, one value per period. Must be read while the stack is up. */
export function alarmSeriesOf(
  { cloud }: Stack,
  transitions: readonly AlarmTransition[],
  window: { from: number; to: number },
): AlarmSeries[] {
  const names = new Set(transitions.filter(({ state }) => state === 'ALARM').map(({ alarmName }) => alarmName));
  return [...names].flatMap((alarmName) => {
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
