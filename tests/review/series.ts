import type { AlarmSeries } from '../../functions/review/replay';
import { record } from './records';

export const begin = Date.parse('2026-11-02T00:00:00Z');
export const timeOf = (index: number) => begin + index * 300_000;

/** The series of an alarm, a value every five minutes. */
export const series = (values: number[], change: Partial<AlarmSeries> = {}): AlarmSeries => ({
  alarmName: record().alarmName!,
  metric: 'CPUUtilization',
  periodSeconds: 300,
  threshold: 80,
  breachesAtThreshold: true,
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  times: values.map((_, i) => timeOf(i)),
  values,
  ...change,
});
/** Thirty values far below 80. */
export const quiet = Array.from({ length: 30 }, () => 20);
export const burst = (value: number) => [value, value, value, value];

/** Three bursts that needed nothing, to `peak` at most, as an alarm at 80 sees them; and where their incidents are opened. */
export const noisyValues = (peak: number) => [
  ...quiet,
  ...burst(peak - 2),
  ...quiet,
  ...burst(peak),
  ...quiet,
  ...burst(peak - 1),
  ...quiet,
];
export const noisyAt = [33, 67, 101].map((index) => new Date(timeOf(index)).toISOString());
