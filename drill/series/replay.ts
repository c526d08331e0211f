import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { formatValue, kindOf } from '../../functions/anomaly/metrics';
import { didYouMean } from '../input/did-you-mean';
import { quote } from '../input/quote';
import { length } from '../report/words';
import { type Scenario, scenarioSchema } from '../scenario/schema';
import type { Stack } from '../stack/stack';
import { type ChosenSeries, spanOf } from './choose';
import { stepOf } from './in-order';
import type { NamedSeries } from './naming';

export interface ReplaySettings {
  /** Threshold of the alarms on the series; by default the template's. */
  threshold?: number;
  /** Period of those alarms in seconds; by default the template's. */
  period?: number;
}

/** The scenario of a recorded series: one healthy instance with the recorded metrics. */
export function replayScenario(chosen: ChosenSeries, name: string): Scenario {
  const { from, to } = spanOf(chosen);
  const minutes = (to - from) / 60_000;
  return scenarioSchema.parse({
    name,
    story: 'A recorded series runs through alarm and playbook; recorded data does not react to a restart.',
    start: new Date(from).toISOString(),
    fleet: [{ launchedSecondsAgo: 0 }],
    lastsMinutes: minutes,
    givesUpAfterMinutes: minutes,
    expect: {},
  });
}

/**
 * Puts the recorded series, and any other alarm settings, into the stack before anything happens.
 * @returns remarks for the reader: what was left out, and which settings change nothing
 * @throws SeriesError if no alarm watches a given metric, or if no value can reach the threshold
 */
export function putSeries(stack: Stack, { series, isAsked }: ChosenSeries, settings: ReplaySettings): string[] {
  const { cloudWatch } = stack.cloud;
  const dimensions = { InstanceId: stack.instanceIds[0]! };
  const alarms = cloudWatch.alarms
    .all()
    .flatMap((alarm): PutMetricAlarmInput[] => ('input' in alarm ? [alarm.input] : []));
  const watching = (metric: string) =>
    alarms.filter(({ MetricName, Namespace }) => MetricName === metric && Namespace === 'AWS/EC2');
  const watched = series.filter(({ metric }) => watching(metric).length > 0);
  refuseUnwatched(series, watched, isAsked, alarms);
  const remarks = series
    .filter((one) => !watched.includes(one))
    .map(({ column, metric }) => `no alarm watches ${quote(metric)} (column ${quote(column.label)}): it was left out`);
  for (const one of watched) {
    const points = one.times.flatMap((at, i) =>
      Number.isFinite(one.values[i]) ? [{ timestamp: new Date(at), value: one.values[i]! }] : [],
    );
    cloudWatch.series({ namespace: 'AWS/EC2', metricName: one.metric, dimensions }, points);
    for (const input of watching(one.metric)) {
      const { remarks: more, ...changed } = settingsFor(input, one, settings);
      cloudWatch.putAlarm({ ...input, ...changed });
      remarks.push(...more);
    }
  }
  return remarks;
}

function refuseUnwatched(
  series: readonly NamedSeries[],
  watched: readonly NamedSeries[],
  isAsked: boolean,
  alarms: readonly PutMetricAlarmInput[],
): void {
  const lost = isAsked ? series.find((one) => !watched.includes(one)) : watched.length === 0 ? series[0] : undefined;
  if (!lost) return;
  const names = [
    ...new Set(alarms.flatMap(({ MetricName, Namespace }) => (Namespace === 'AWS/EC2' ? (MetricName ?? []) : []))),
  ];
  const howTo = `${didYouMean(lost.metric, names).trim()} Alarms watch ${names.join(', ')}; name one of them with --metric`;
  throw lost.column.refuse(`no alarm watches ${quote(lost.metric)}`, undefined, { howTo: howTo.trim() });
}

/** The alarm's settings for this series, and remarks about them. */
function settingsFor(
  { AlarmName, Threshold = 0, Period = 60 }: PutMetricAlarmInput,
  { metric, column, times }: NamedSeries,
  { threshold, period }: ReplaySettings,
): { Threshold: number; Period: number; remarks: string[] } {
  const most = kindOf(metric)?.unit === 'percent' ? 100 : Number.POSITIVE_INFINITY;
  if (threshold !== undefined && threshold > most)
    throw column.refuse(`${metric} is never above ${most}, so its alarm cannot fire at ${threshold}`);
  const stepSeconds = Math.ceil((stepOf(times) ?? 0) / 60_000) * 60;
  const own = Math.max(Period, stepSeconds);
  const remarks = [
    ...(threshold === Threshold
      ? [`--threshold changes nothing: ${formatValue(Threshold, metric)} is what ${AlarmName} has`]
      : []),
    ...(period === Period ? [`--period changes nothing: ${Period} s is what ${AlarmName} has`] : []),
    ...(period === undefined && own > Period
      ? [
          `${AlarmName} is evaluated every ${length(own * 1000)} in place of ${length(Period * 1000)}: there are not enough data points`,
        ]
      : []),
    ...(period !== undefined && period < stepSeconds
      ? [
          `${AlarmName} sees gaps: it is evaluated every ${length(period * 1000)}, but there is a data point only every ${length(stepSeconds * 1000)}`,
        ]
      : []),
  ];
  return { Threshold: threshold ?? Threshold, Period: period ?? own, remarks };
}
