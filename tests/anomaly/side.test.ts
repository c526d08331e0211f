import { noveltyGap } from '../../functions/anomaly/detectors/novelty-gap';
import { judge } from '../../functions/anomaly/judge';
import { scoreMetric } from '../../functions/anomaly/score';
import { type Side, sideOf, thresholdOf } from '../../functions/anomaly/side';
import { dailyWave, frameOf } from './example-frames';

const DAY = 288;
const DAYS = 14;
const RECENT = 36;

/** CPU around 90 with a quiet stretch on three days and again at the end: lower than most, with a high of 85. */
function busyDays(): number[] {
  const values = dailyWave(DAY * DAYS + RECENT, 1, 90, 4);
  for (const day of [3, 6, 9, DAYS]) {
    values.fill(81, day * DAY, day * DAY + RECENT);
    values[day * DAY + 5] = 85;
  }
  return values;
}
const usualOf = (side: Side) => {
  const { times, series } = frameOf({ CPUUtilization: busyDays() });
  return scoreMetric(noveltyGap, times, series[0]!, DAY * DAYS, side).usual;
};

describe('the side that an alarm is about', () => {
  const last = 'Threshold Crossed: 1 out of the last 1 datapoints [81.0 (24/11/26 01:55:00)] was';
  test.each<[string, Side, Parameters<typeof sideOf>[0]]>([
    ['is high when it was above its threshold', 'high', { reason: `${last} greater than the threshold (80.0)` }],
    ['is low when it was below', 'low', { kind: 'metric', reason: `${last} less than the threshold (90.0)` }],
    ['is low when several points were below', 'low', { reason: '3 datapoints were less than or equal to it' }],
    ['is high when nothing is known of the alarm', 'high', {}],
    ['is high when a person set the state with words of their own', 'high', { reason: 'testing' }],
    [
      'is either for a band',
      'either',
      { kind: 'anomaly-band', reason: `${last} less than the lower thresholds [1] or greater than the upper ones [2]` },
    ],
    ['is either for an expression below', 'either', { kind: 'metric-math', reason: `${last} less than the threshold` }],
  ])('%s', (_, side, alarm) => {
    expect(sideOf(alarm)).toBe(side);
  });
});

describe('how usual a recent value is', () => {
  test('is told by its highest value for an alarm about high ones, though it lies below the middle', () => {
    expect(usualOf('high')).toEqual({ extreme: 85, side: 'high', days: DAYS, of: DAYS });
  });
  test('is told by its lowest value for an alarm about low ones', () => {
    expect(usualOf('low')).toEqual({ extreme: 81, side: 'low', days: 3, of: DAYS });
  });
  test('is told by the farther one where the side is not known', () => {
    expect(usualOf('either')).toMatchObject({ extreme: 81, side: 'low' });
  });
});

test('a veto of an alarm about high values speaks of high values', () => {
  const frame = frameOf({ CPUUtilization: busyDays() });
  const { verdict, explanation } = judge(frame, frameOf({}), ['CPUUtilization'], frame.times[DAY * DAYS]!, 'high');
  expect({ verdict, explanation }).toEqual({
    verdict: 'veto',
    explanation: 'CPUUtilization 85 % is not unusual: it was that high or higher on 14 of the last 14 days.',
  });
});

describe('the threshold that an alarm crossed', () => {
  const reasonOf = (comparison: string, threshold: string) =>
    `Threshold Crossed: 1 datapoint [97.0 (15/03/26 09:00:00)] was ${comparison} the threshold (${threshold}).`;

  test.each([
    ['greater than', '80.0', 80],
    ['greater than or equal to', '80', 80],
    ['less than', '12.25', 12.25],
    ['less than or equal to', '-5.5', -5.5],
    ['greater than', '1.5E9', 1.5e9],
    ['greater than', '25e-12', 25e-12],
    ['greater than', '2.0E+10', 2e10],
  ])('is read from "%s the threshold (%s)"', (comparison, threshold, value) => {
    expect(thresholdOf({ reason: reasonOf(comparison, threshold) })).toBe(value);
    expect(thresholdOf({ kind: 'metric', reason: reasonOf(comparison, threshold) })).toBe(value);
  });
  test('is none of the metric for an expression or a band', () => {
    for (const kind of ['math', 'band']) {
      expect(thresholdOf({ kind, reason: reasonOf('greater than', '80.0') })).toBeUndefined();
    }
  });
  test('is not known without words of CloudWatch', () => {
    expect(thresholdOf({})).toBeUndefined();
    expect(thresholdOf({ reason: 'set by a person' })).toBeUndefined();
  });
});
