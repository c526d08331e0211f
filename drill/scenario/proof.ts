import { alarmIn } from '../../functions/review/record';
import type { AlarmSeries } from '../../functions/review/replay';
import type { Review } from '../../functions/review/review';
import { evaluate, evaluationRange } from '../cloud/cloudwatch/evaluate';
import type { Check, DrillResult, Proof } from './result';

/**
 * Verifies each proposal: the same metric in the simulated CloudWatch's evaluator, which is independent of the review and
 * its own replay.
 */
export function proofsOf({ proposals }: Review, series: readonly AlarmSeries[]): Proof[] {
  return proposals.flatMap((proposal) => {
    const {
      alarmName,
      proposed: { threshold },
    } = proposal;
    const found = series.find((one) => alarmIn(one) === alarmIn(proposal));
    return found ? [{ alarmName, threshold, wentOffAt: wentOffAt(found, threshold) }] : [];
  });
}

/** When an alarm fires at a threshold, period by period; periods without a datapoint are missing. */
export function wentOffAt(series: AlarmSeries, threshold: number): number[] {
  const { times, values, periodSeconds, evaluationPeriods, datapointsToAlarm, breachesAtThreshold } = series;
  const rule = {
    evaluationPeriods,
    datapointsToAlarm,
    treatMissingData: 'missing' as const,
    breaches: (value: number) => (breachesAtThreshold ? value >= threshold : value > threshold),
  };
  const stepMs = periodSeconds * 1000;
  const valueAt = new Map(times.map((time, index) => [time, values[index]!]));
  const points: (number | null)[] = new Array<null>(evaluationRange(evaluationPeriods)).fill(null);
  const found: number[] = [];
  let state: ReturnType<typeof evaluate> = 'OK';
  for (let at = times[0] ?? 0; at <= (times.at(-1) ?? -1); at += stepMs) {
    points.shift();
    points.push(valueAt.get(at) ?? null);
    const next = evaluate(points, rule, state);
    if (next === 'ALARM' && state !== 'ALARM') found.push(at + stepMs);
    state = next;
  }
  return found;
}

/** How long an alarm of three five-minute periods may lag behind the start or end of its cause. */
const lagMs = 20 * 60_000;

/**
 * Whether the proposed alarm fires in each period of planted trouble, and never outside.
 * @param troubles periods in minutes from the drill's start
 */
export function checkProof(
  troubles: readonly (readonly [number, number])[],
  alarm: string,
  { proofs = [], startedAt }: Pick<DrillResult, 'proofs' | 'startedAt'>,
): Check[] {
  const at = proofs.find(({ alarmName }) => alarmName.endsWith(alarm))?.wentOffAt ?? [];
  const isWithin = (time: number, [from, to]: readonly [number, number]) =>
    time >= startedAt + from * 60_000 && time <= startedAt + to * 60_000 + lagMs;
  const seen = troubles.filter((trouble) => at.some((time) => isWithin(time, trouble))).length;
  const outside = at.filter((time) => !troubles.some((trouble) => isWithin(time, trouble))).length;
  const check = (what: string, expected: number, actual: number): Check => ({
    what: `${what} (by the simulated CloudWatch)`,
    ok: expected === actual,
    expected: String(expected),
    actual: String(actual),
  });
  return [
    check('planted trouble detected at the proposed threshold', troubles.length, seen),
    check('alarms outside planted trouble at the proposed threshold', 0, outside),
  ];
}
