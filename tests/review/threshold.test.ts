import * as fc from 'fast-check';
import { type AlarmSeries, replay } from '../../functions/review/replay';
import { propose } from '../../functions/review/threshold';

const begin = Date.parse('2026-11-02T00:00:00Z');
const series = (values: number[], change: Partial<AlarmSeries> = {}): AlarmSeries => ({
  alarmName: 'restart-instance-dev-cpu-high-i-1',
  metric: 'CPUUtilization',
  periodSeconds: 300,
  threshold: 80,
  breachesAtThreshold: true,
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  times: values.map((_, i) => begin + i * 300_000),
  values,
  ...change,
});
const quiet = Array.from({ length: 30 }, () => 20);
const burst = (value: number) => [value, value, value, value];
const timeOf = (index: number) => begin + index * 300_000;

describe('replaying an alarm', () => {
  test('M of N data points lead to an episode, and its first breach is known', () => {
    const [episode] = replay(series([20, 90, 90, 90, 20]), 80);

    expect(episode).toEqual({ breachedAt: timeOf(1), from: timeOf(4), to: timeOf(5) });
  });

  test('too few in a row lead to none', () => {
    expect(replay(series([90, 90, 20, 90, 90]), 80)).toEqual([]);
    expect(replay(series([90, 20, 90]), 80)).toEqual([]);
    expect(replay(series([90, 20, 90], { datapointsToAlarm: 2 }), 80)).toHaveLength(1);
  });

  test('a value at the threshold breaches only where the alarm says so', () => {
    expect(replay(series([80, 80, 80]), 80)).toHaveLength(1);
    expect(replay(series([80, 80, 80], { breachesAtThreshold: false }), 80)).toEqual([]);
  });

  test('a higher threshold never gives more time in ALARM', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 200 }),
        fc.integer({ min: 0, max: 99 }),
        (values, low) => {
          const time = (threshold: number) =>
            replay(series(values), threshold).reduce((sum, { from, to }) => sum + to - from + 1, 0);
          return time(low + 1) <= time(low);
        },
      ),
    );
  });
});

describe('a proposal', () => {
  const noisy = [
    ...quiet,
    ...burst(84),
    ...quiet,
    ...burst(86),
    ...quiet,
    ...burst(97),
    ...quiet,
    ...burst(85),
    ...quiet,
  ];
  const trouble = timeOf(30 + 4 + 30 + 4 + 30 + 3);

  test('removes the noise and loses no trouble', () => {
    const found = propose(series(noisy), [trouble])!;

    expect(found.current).toMatchObject({ needless: 3, troublesSeen: 1 });
    expect(found.proposed).toMatchObject({ needless: 0, troublesSeen: 1 });
    expect(found.proposed.threshold).toBeGreaterThan(86);
    expect(found.proposed.threshold).toBeLessThanOrEqual(97);
  });

  test('keeps away from both sides where there is room', () => {
    const { threshold } = propose(series(noisy), [trouble])!.proposed;

    expect(Math.min(threshold - 86, 97 - threshold)).toBeGreaterThan(3);
  });

  test('is not made when trouble and noise cannot be told apart', () => {
    const same = [...quiet, ...burst(90), ...quiet, ...burst(90), ...quiet];

    expect(propose(series(same), [timeOf(33)])).toBeUndefined();
  });

  test('is not made when nothing was needless, nor for a series without a breach', () => {
    expect(propose(series([...quiet, ...burst(90), ...quiet]), [timeOf(33)])).toBeUndefined();
    expect(propose(series(quiet), [])).toBeUndefined();
  });

  test('never loses a trouble that the alarm sees now, whatever the series', () => {
    const values = fc.array(fc.integer({ min: 60, max: 100 }), { minLength: 20, maxLength: 300 });
    fc.assert(
      fc.property(values, fc.array(fc.nat(299), { maxLength: 5 }), (numbers, indices) => {
        const found = propose(series(numbers), indices.map(timeOf));
        return (
          found === undefined ||
          (found.proposed.troublesSeen === found.current.troublesSeen &&
            found.proposed.needless < found.current.needless)
        );
      }),
    );
  });
});
