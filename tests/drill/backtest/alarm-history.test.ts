import { alarmHistory } from '../../../drill/backtest/alarm-history';
import { comparison } from '../../../drill/cloud/cloudwatch/evaluate';

const stepMs = 300_000;
const alarm = (m: number, n: number, treatMissingData: 'missing' | 'breaching' | 'notBreaching' = 'missing') => ({
  statistic: 'Average',
  periodSeconds: 300,
  rule: {
    datapointsToAlarm: m,
    evaluationPeriods: n,
    treatMissingData,
    breaches: comparison('GreaterThanOrEqualToThreshold', 80)!,
  },
});
const history = (values: number[], m = 3, n = 3, treat: 'missing' | 'breaching' | 'notBreaching' = 'missing') =>
  alarmHistory(
    alarm(m, n, treat),
    Float64Array.from(values, (_, i) => i * stepMs),
    Float64Array.from(values),
    stepMs,
  ).map(({ from, to }) => [from / stepMs, to === undefined ? undefined : to / stepMs]);

test.each<[string, number[], number, number, (number | undefined)[][]]>([
  ['at the end of the third period that breaches', [10, 90, 90, 90, 10, 10], 3, 3, [[4, 5]]],
  ['not for two of three', [10, 90, 90, 10, 90, 90], 3, 3, []],
  ['for two of three, when two are asked for', [10, 90, 10, 90, 10, 10, 10], 2, 3, [[4, 5]]],
  [
    'again after it was back',
    [90, 90, 90, 10, 90, 90, 90],
    3,
    3,
    [
      [3, 4],
      [7, undefined],
    ],
  ],
  ['at the threshold itself', [80, 80, 80], 3, 3, [[3, undefined]]],
  ['never on nothing', [], 3, 3, []],
])('the alarm stands %s', (_title, values, m, n, expected) => {
  expect(history(values, m, n)).toEqual(expected);
});

test('missing data hold or end an alarm as it says itself', () => {
  const gap = [90, 90, 90, Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN];

  expect(history(gap, 3, 3, 'breaching')).toEqual([[3, undefined]]);
  expect(history(gap, 3, 3, 'notBreaching')).toEqual([[3, expect.any(Number)]]);
});

test('data by the minute are brought to the alarm’s period by its statistic', () => {
  const values = Float64Array.from({ length: 20 }, (_, i) => (i < 15 ? (i % 5 === 0 ? 100 : 76) : 10));
  const times = Float64Array.from(values, (_, i) => i * 60_000);

  const averaged = alarmHistory(alarm(3, 3), times, values, 60_000);
  const highest = alarmHistory({ ...alarm(3, 3), statistic: 'Minimum' }, times, values, 60_000);

  expect(averaged).toEqual([{ from: 900_000, to: 1_200_000 }]);
  expect(highest).toEqual([]);
});

test('data coarser than the alarm’s period are evaluated as they are', () => {
  const values = Float64Array.from([0, 90, 90, 90]);
  const times = Float64Array.from(values, (_, i) => i * stepMs);

  expect(alarmHistory({ ...alarm(2, 2), periodSeconds: 60 }, times, values, stepMs)).toEqual([{ from: 3 * stepMs }]);
});
