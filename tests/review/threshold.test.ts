import * as fc from 'fast-check';
import { type AlarmSeries, replay } from '../../functions/review/replay';
import { type Judged, propose, tryThresholds } from '../../functions/review/threshold';
import { burst, quiet, series, timeOf } from './series';

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

/** What is proposed for a series, when its incidents were opened at these points. */
const proposalFor = (values: number[], needless: number[], troubles: number[], change: Partial<AlarmSeries> = {}) => {
  const judged: Judged = { needless: needless.map(timeOf), troubles: troubles.map(timeOf) };
  const tried = tryThresholds(series(values, change), judged);
  return tried && propose(tried);
};

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
  const needless = [33, 67, 135];
  const trouble = 101;

  test('removes the noise and loses no trouble', () => {
    const found = proposalFor(noisy, needless, [trouble])!;

    expect(found.current).toMatchObject({ needless: 3, troublesSeen: 1 });
    expect(found.proposed).toMatchObject({ needless: 0, troublesSeen: 1, latestMinutes: 0 });
    expect(found.proposed.threshold).toBeGreaterThan(86);
    expect(found.proposed.threshold).toBeLessThanOrEqual(97);
  });

  test('keeps away from both sides where there is room', () => {
    const { threshold } = proposalFor(noisy, needless, [trouble])!.proposed;

    expect(Math.min(threshold - 86, 97 - threshold)).toBeGreaterThan(3);
  });

  test('says how much later a trouble would be seen that builds up', () => {
    const slow = [...quiet, ...burst(85), ...quiet, ...burst(84), 91, 96, 96, 96, 96, ...quiet];
    const { threshold, latestMinutes } = proposalFor(slow, [33], [67])!.proposed;

    expect(threshold).toBeGreaterThan(85);
    expect(latestMinutes).toBeGreaterThan(0);
  });

  test('does not lose an alarm that nobody judged: it might have been trouble', () => {
    const skippedByGuard = 67;
    const found = proposalFor(noisy, [33, 135], [trouble, skippedByGuard])!;

    expect(found.proposed.troublesSeen).toBe(2);
    expect(found.proposed.threshold).toBeLessThanOrEqual(86);
  });

  test('is not made when trouble and noise cannot be told apart', () => {
    const same = [...quiet, ...burst(90), ...quiet, ...burst(90), ...quiet];

    expect(proposalFor(same, [67], [33])).toBeUndefined();
  });

  test('is not made when nothing was needless, for a series without a breach, nor for a status check', () => {
    expect(proposalFor([...quiet, ...burst(90), ...quiet], [], [33])).toBeUndefined();
    expect(proposalFor(quiet, [], [])).toBeUndefined();
    expect(proposalFor(noisy, needless, [], { metric: 'StatusCheckFailed_System' })).toBeUndefined();
  });

  test('a lower threshold is evidence only: it shows the alarms that would be new', () => {
    const nearly = [...quiet, ...burst(75), ...quiet, ...burst(90), ...quiet];
    const tried = tryThresholds(series(nearly), { needless: [], troubles: [timeOf(67)] })!;

    expect(tried.trials.find(({ threshold }) => threshold === 72)).toMatchObject({ alarms: 2, needless: 1 });
    expect(propose(tried)).toBeUndefined();
  });

  test('never loses a trouble that the alarm sees now, whatever the series', () => {
    const values = fc.array(fc.integer({ min: 60, max: 100 }), { minLength: 20, maxLength: 300 });
    const some = fc.array(fc.nat(299), { maxLength: 5 });
    fc.assert(
      fc.property(values, some, some, (numbers, needlessAt, troublesAt) => {
        const found = proposalFor(numbers, needlessAt, troublesAt);
        return (
          found === undefined ||
          (found.proposed.troublesSeen === found.current.troublesSeen &&
            found.proposed.needless < found.current.needless)
        );
      }),
    );
  });
});
