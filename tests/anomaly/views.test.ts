import { lessMedian, lessSameTime, logSpan, rollingMean } from '../../functions/anomaly/views';
import { dailyWave, timesOf } from './example-frames';

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
  test('same time: a daily wave is flat, and a missing afternoon is not', () => {
    const values = Float64Array.from(dailyWave(288 * 6, 1));
    values.fill(40, 288 * 5 + 60, 288 * 5 + 90);
    const view = lessSameTime(timesOf(values.length), values, 7, 2, 0);
    expect(view[100]).toBeNaN();
    expect(Math.abs(view[288 * 4 + 72]!)).toBeLessThan(3);
    expect(view[288 * 5 + 72]).toBeLessThan(-10);
  });
  test('missing values stay missing in every view', () => {
    const values = of(1, Number.NaN, 3, 4);
    const views = [
      lessMedian(values, 2),
      rollingMean(values, 2),
      logSpan(values, 2),
      lessSameTime(timesOf(4), values, 7, 2, 0),
    ];
    for (const view of views) expect(view[1]).toBeNaN();
  });
});
