import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { Stack } from '../stack/stack';
import type { AlarmTransition, WatchedMetric } from './result';

/** The metrics of the alarms that changed state, minute by minute. */
export function watchedMetrics(
  { cloud }: Stack,
  transitions: readonly AlarmTransition[],
  window: { from: number; to: number },
): WatchedMetric[] {
  const names = new Set(transitions.map(({ alarmName }) => alarmName));
  return [...names].flatMap((alarmName) => {
    const alarm = cloud.cloudWatch.alarms.find(alarmName);
    const settings: PutMetricAlarmInput | undefined = alarm && 'input' in alarm ? alarm.input : undefined;
    if (!settings?.MetricName || !settings.Namespace) return [];
    const { MetricName: metricName, Namespace: namespace, Statistic: stat = 'Average' } = settings;
    const dimensions = Object.fromEntries(
      (settings.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]),
    );
    const read = cloud.cloudWatch.read({ namespace, metricName, dimensions }, { ...window, periodSeconds: 60, stat });
    return [
      {
        alarmName,
        metricName,
        dimensions,
        threshold: settings.Threshold ?? 0,
        comparison: settings.ComparisonOperator ?? '',
        periodSeconds: settings.Period ?? 60,
        stat,
        points: read.map(({ at, value }) => ({ at, value })),
      },
    ];
  });
}
