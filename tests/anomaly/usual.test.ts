import { noveltyGap } from '../../functions/anomaly/detectors/novelty-gap';
import { scoreMetric } from '../../functions/anomaly/score';
import { extremeOf, highest, usualness } from '../../functions/anomaly/usual';

const HOUR = 3_600_000;
/** A value an hour over four days. */
const hours = (of: (hour: number) => number) => Float64Array.from({ length: 96 }, (_, hour) => of(hour));
const times = hours((hour) => hour * HOUR);
const usual = (values: Float64Array, extreme: number, side: 'high' | 'low') =>
  usualness(times, values, 72, { extreme, side });

describe('how usual an extreme is', () => {
  test('is told by the days on which it was reached, each counted once, and only before what is judged', () => {
    const values = hours((hour) => ([5, 6, 30, 80].includes(hour) ? 90 : 10));
    expect(usual(values, 90, 'high')).toEqual({ extreme: 90, side: 'high', days: 2, of: 3 });
    expect(usual(values, 91, 'high')).toMatchObject({ days: 0, of: 3 });
    expect(usual(values, 10, 'low')).toMatchObject({ days: 3, of: 3 });
    expect(usual(values, 9, 'low')).toMatchObject({ days: 0, of: 3 });
  });
  test('counts days back from the start of what is judged, and no day without a value', () => {
    const values = hours((hour) => (hour >= 24 && hour < 48 ? Number.NaN : hour === 0 ? 90 : 10));
    expect(usual(values, 90, 'high')).toMatchObject({ days: 1, of: 2 });
    expect(
      usualness(
        times,
        hours((hour) => (hour === 1 || hour === 24 ? 90 : 10)),
        25,
        { extreme: 90, side: 'high' },
      ),
    ).toMatchObject({ days: 1, of: 2 });
  });
});

describe('the extreme of what is recent', () => {
  const past = Float64Array.of(40, 50, 60);
  const recent = Float64Array.of(45, 70, 20);

  test('is the highest value for a high side, the lowest for a low one', () => {
    expect(extremeOf(past, recent, 'high')).toEqual({ extreme: 70, side: 'high' });
    expect(extremeOf(past, recent, 'low')).toEqual({ extreme: 20, side: 'low' });
  });
  test('is the one farther from the middle of the past where the side is not known, and the high one of two as far', () => {
    expect(extremeOf(past, recent, 'either')).toEqual({ extreme: 20, side: 'low' });
    expect(extremeOf(past, Float64Array.of(70, 30), 'either')).toEqual({ extreme: 70, side: 'high' });
  });
  test('of nothing is below everything', () => {
    expect(highest(new Float64Array(0))).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('one metric', () => {
  const series = (values: Float64Array) => ({ metric: 'CPUUtilization', values });
  const steady = (hour: number) => 40 + (hour % 5);
  const scored = (values: Float64Array, side?: 'high' | 'low', from = 72) =>
    scoreMetric(noveltyGap, times, series(values), from, { side });

  test('is unknown without recent points, or without any before', () => {
    expect(scored(hours((hour) => (hour < 72 ? steady(hour) : Number.NaN)))).toEqual({
      metric: 'CPUUtilization',
      unknown: 'there are no recent data points',
    });
    expect(scored(hours((hour) => (hour < 72 ? Number.NaN : steady(hour))))).toEqual({
      metric: 'CPUUtilization',
      unknown: 'there are no data points before the recent ones',
    });
  });
  test('surges by as much as its highest value exceeds all before, and only then is asked what is high about it', () => {
    const surged = scored(hours((hour) => (hour === 90 ? 132 : steady(hour))));
    expect(surged.surge).toBe(3);
    expect(surged.high!.evidence.value).toBe(132);
    const asBefore = scored(hours(steady));
    expect(asBefore.surge).toBe(1);
    expect(asBefore).not.toHaveProperty('high');
  });
  test('that lies where half of its points lie is not out, and says so', () => {
    const dipped = scored(
      hours((hour) => (hour < 72 ? steady(hour) : 40)),
      'high',
    );
    expect(dipped.finding).toMatchObject({ score: 0, detector: 'novelty-gap', threshold: noveltyGap.threshold });
    expect(dipped.finding!.evidence).toMatchObject({ view: 'value', value: 40, nearestNormal: 42 });
    expect(dipped.finding!.evidence.sentence).toBe(
      'CPUUtilization 40 % is not high: half of the earlier data points are higher than 42 %',
    );
  });
  test('counts on its own side only', () => {
    const low = hours((hour) => (hour === 90 ? 2 : hour === 91 ? 46 : steady(hour)));
    expect(scored(low, 'low').finding!.evidence.value).toBe(2);
    expect(scored(low, 'high').finding!.evidence.value).not.toBe(2);
    expect(scored(low, 'high').finding!.score).toBeLessThan(scored(low, 'low').finding!.score);
  });
  test('at other moments than those asked for is said, but scores nothing', () => {
    const values = hours((hour) => (hour === 90 ? 132 : steady(hour)));
    const asked = (where: (at: number) => boolean) => scoreMetric(noveltyGap, times, series(values), 72, { where });
    expect(asked((at) => at === 90).finding!.score).toBeGreaterThan(0.2);
    expect(asked((at) => at === 80).finding!.score).toBeLessThan(0.2);
    expect(asked(() => false).finding).toMatchObject({ score: 0, evidence: { value: 132 } });
  });
});
