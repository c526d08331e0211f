import { proposedThreshold } from '../../functions/anomaly/alarm-threshold';
import type { Frame } from '../../functions/anomaly/frame';
import { quantile } from '../../functions/anomaly/quantile';
import type { AlarmStretch } from './alarm-history';
import type { AlarmFigures, WatchingAlarm } from './model';

/** How long an alarm would have stood on a metric, and how far the metric goes. Pure. */
export function figuresOfAlarm(
  { name, metricName, threshold, side = 'high' }: WatchingAlarm,
  { times, series }: Frame,
  stretches: readonly AlarmStretch[],
  stepMs: number,
): AlarmFigures {
  const values = series.find(({ metric }) => metric === metricName)!.values.filter(Number.isFinite);
  const end = (times.at(-1) ?? 0) + stepMs;
  const stoodMs = stretches.reduce((sum, { from, to = end }) => sum + Math.max(0, to - from), 0);
  const proposed = values.length > 0 ? proposedThreshold(metricName, values, side) : undefined;
  return {
    alarmName: name,
    metricName,
    threshold,
    share: times.length === 0 ? 0 : Math.min(1, stoodMs / (times.length * stepMs)),
    max: values.length === 0 ? Number.NaN : quantile(values, 1),
    p99: values.length === 0 ? Number.NaN : quantile(values, 0.99),
    ...(proposed === undefined ? {} : { proposed }),
  };
}
