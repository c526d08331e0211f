import { type Scenario, scenarioSchema } from '../scenario/schema';
import type { Stack } from '../stack/stack';
import type { RecordedSeries } from './read-series';

export interface ReplaySettings {
  /** Which of the instance's metrics the series is, for example CPUUtilization. */
  metricName: string;
  /** Threshold of the alarm that watches it; the template's own when left out. */
  threshold?: number;
  /** Seconds of one period of that alarm; the template's own when left out. */
  period?: number;
}

/** The scenario of a recorded series: one healthy instance whose metric is what was recorded. */
export function replayScenario({ points }: RecordedSeries): Scenario {
  const first = points[0]!.timestamp;
  const minutes = (points.at(-1)!.timestamp.getTime() - first.getTime()) / 60_000;
  return scenarioSchema.parse({
    name: 'replay',
    story: 'A recorded series goes through alarm and playbook; what was recorded does not react to a restart.',
    start: first.toISOString(),
    fleet: [{ launchedSecondsAgo: 0 }],
    lastsMinutes: minutes,
    givesUpAfterMinutes: minutes,
    expect: {},
  });
}

/** Puts the recorded series, and the alarm's settings if they are others, into the stack before anything happens. */
export function putSeries(
  stack: Stack,
  { points }: RecordedSeries,
  { metricName, threshold, period }: ReplaySettings,
): void {
  const { cloudWatch } = stack.cloud;
  const dimensions = { InstanceId: stack.instanceIds[0]! };
  cloudWatch.series({ namespace: 'AWS/EC2', metricName, dimensions }, points);
  for (const alarm of cloudWatch.alarms.all()) {
    if ('input' in alarm && 'MetricName' in alarm.input && alarm.input.MetricName === metricName) {
      const { Threshold, Period } = alarm.input;
      cloudWatch.putAlarm({ ...alarm.input, Threshold: threshold ?? Threshold, Period: period ?? Period });
    }
  }
}
