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
  test('missing values stay missing in every view', () => {
    const values = of(1, Number.NaN, 3, 4);
    const views = [lessMedian(values, 2), rollingMean(values, 2), logSpan(values, 2), lessPrevious(values)];
    for (const view of views) expect(view[1]).toBeNaN();
  });
});
