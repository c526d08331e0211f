import { judgeStatusCheck } from '../../functions/anomaly/status-rule';

const judged = (values: number[], from = 0, to = values.length) =>
  judgeStatusCheck({ metric: 'StatusCheckFailed', values: Float64Array.from(values) }, from, to);

test('one failed data point is a failure, however many passed since', () => {
  expect(judged([0, 1, 0, Number.NaN, 2, 0])).toEqual({
    metric: 'StatusCheckFailed',
    verdict: 'failed',
    value: 2,
    sentence: 'StatusCheckFailed failed in 2 of the last 5 data points',
  });
});

test('only zeros are a pass, and missing points are not counted', () => {
  expect(judged([0, Number.NaN, 0])).toEqual({
    metric: 'StatusCheckFailed',
    verdict: 'passed',
    value: 0,
    sentence: 'StatusCheckFailed is 0 in all of the last 2 data points: no check failed',
  });
});

test('a check without data is unknown, never a pass', () => {
  expect(judged([Number.NaN, Number.NaN])).toEqual({
    metric: 'StatusCheckFailed',
    verdict: 'unknown',
    value: null,
    sentence: 'StatusCheckFailed has no recent data points',
  });
});

test('what failed before the stretch that is judged, or after it, does not count', () => {
  expect(judged([1, 0, 0, 1], 1, 3).verdict).toBe('passed');
  expect(judged([0, Number.NaN, 0], 1, 2).verdict).toBe('unknown');
});
