import { quantile } from '../../functions/anomaly/quantile';
import { seededRandom } from '../../functions/anomaly/random';
import { lessMedian, lessPrevious, logSpan, rollingMean } from '../../functions/anomaly/views';

const of = (...values: number[]) => Float64Array.from(values);

describe('the views', () => {
  test('less median: a step is seen at once and forgotten when it is the rule', () => {
    expect([...lessMedian(of(1, 1, 1, 5, 5, 5), 3)]).toEqual([0, 0, 0, 4, 0, 0]);
  });
  test('rolling mean: takes what is there at the start', () => {
    expect([...rollingMean(of(2, 4, 6, 8), 2)]).toEqual([2, 3, 5, 7]);
  });
  test('log span: missing until it is full, lower for a series that falls silent', () => {
    const spans = logSpan(of(0, 4, 0, 4, 4, 4), 3);
    expect([...spans.slice(0, 2)]).toEqual([Number.NaN, Number.NaN]);
    expect(spans[2]).toBeCloseTo(Math.log(4), 3);
    expect(spans[5]).toBeLessThan(spans[2]!);
  });
  test('less previous: a jump is seen once, and a gap hides it', () => {
    expect([...lessPrevious(of(1, 1, 5, 5, Number.NaN, 9))]).toEqual([Number.NaN, 0, 4, 0, Number.NaN, Number.NaN]);
  });
  test('log span: a constant has none, and one that was wide before has a very small one', () => {
    expect([...logSpan(of(4, 4, 4), 2)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(logSpan(of(0, 5, 5), 2)[2]).toBeCloseTo(Math.log(5e-4), 9);
  });
  test.each([2, 3, 7])('each is what it is by its definition, over %i values with gaps in between', (points) => {
    const random = seededRandom(points);
    const values = Float64Array.from({ length: 200 }, () => (random() < 0.1 ? Number.NaN : 20 * random() - 10));
    const [medians, means, spans] = [lessMedian(values, points), rollingMean(values, points), logSpan(values, points)];
    let widest = 0;
    for (const [i, value] of values.entries()) {
      if (Number.isNaN(value)) {
        expect([medians[i], means[i], spans[i]]).toEqual(Array(3).fill(Number.NaN));
        continue;
      }
      const last = values
        .slice(0, i + 1)
        .filter(Number.isFinite)
        .slice(-points);
      const span = Math.max(...last) - Math.min(...last);
      widest = last.length < points ? 0 : Math.max(widest, span);
      expect(medians[i]).toBeCloseTo(value - quantile(last, 0.5), 9);
      expect(means[i]).toBeCloseTo(last.reduce((sum, one) => sum + one, 0) / last.length, 9);
      if (last.length < points) expect(spans[i]).toBeNaN();
      else expect(spans[i]).toBeCloseTo(Math.log(span + 1e-4 * widest), 9);
    }
  });
  test('missing values stay missing in every view', () => {
    const values = of(1, Number.NaN, 3, 4);
    const views = [lessMedian(values, 2), rollingMean(values, 2), logSpan(values, 2), lessPrevious(values)];
    for (const view of views) expect(view[1]).toBeNaN();
  });
});
