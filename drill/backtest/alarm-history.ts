import { evaluate, evaluationRange } from '../cloud/cloudwatch/evaluate';
import { statistic } from '../cloud/cloudwatch/statistic';
import type { Band } from '../report/chart';
import type { WatchingAlarm } from './model';

/** A period in ALARM; `to` is missing if the series ends in it. */
export type AlarmStretch = Pick<Band, 'from'> & { to?: number };

/**
 * When an alarm would have been in ALARM on this series: M out of N and missing data as CloudWatch documents them,
 * evaluated at the end of each period.
 * @param times ascending, in steps of `stepMs`; `values` has NaN for missing data
 */
export function alarmHistory(
  { rule, periodSeconds, statistic: name }: Pick<WatchingAlarm, 'rule' | 'periodSeconds' | 'statistic'>,
  times: Float64Array,
  values: Float64Array,
  stepMs: number,
): AlarmStretch[] {
  // Data coarser than the alarm's period are evaluated as they are: there is nothing in between.
  const periodMs = Math.max(periodSeconds * 1000, stepMs);
  const buckets = bucketsOf(times, values, periodMs, name);
  const range = evaluationRange(rule.evaluationPeriods);
  const stretches: AlarmStretch[] = [];
  const points: (number | null)[] = new Array<null>(range).fill(null);
  let state: ReturnType<typeof evaluate> = 'INSUFFICIENT_DATA';
  for (const [i, value] of buckets.values.entries()) {
    points.shift();
    points.push(value);
    // The alarm is older than the series: data before its first periods are unknown, not missing.
    if (i + 1 < rule.evaluationPeriods) continue;
    const next = evaluate(points, rule, state);
    const at = buckets.from + (i + 1) * periodMs;
    if (next === 'ALARM' && state !== 'ALARM') stretches.push({ from: at });
    if (next !== 'ALARM' && state === 'ALARM') stretches.at(-1)!.to = at;
    state = next;
  }
  return stretches;
}

function bucketsOf(
  times: Float64Array,
  values: Float64Array,
  periodMs: number,
  name: string,
): { from: number; values: (number | null)[] } {
  if (times.length === 0) return { from: 0, values: [] };
  const first = Math.floor(times[0]! / periodMs);
  const count = Math.floor(times.at(-1)! / periodMs) - first + 1;
  const samples: number[][] = Array.from({ length: count }, () => []);
  for (const [i, time] of times.entries()) {
    const value = values[i]!;
    if (Number.isFinite(value)) samples[Math.floor(time / periodMs) - first]!.push(value);
  }
  return { from: first * periodMs, values: samples.map((one) => statistic(name, one)) };
}
