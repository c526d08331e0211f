import { whyUnknown } from '../../functions/anomaly/frame';

const missing = Number.NaN;

test.each([
  [[], 'there are no data points'],
  [[missing, Number.POSITIVE_INFINITY], 'all data points are missing'],
  [[missing, 3], 'there is only one data point'],
  [[3, missing, 3], 'all 2 data points have the same value'],
  [[3, 3, 3], 'all 3 data points have the same value'],
  [[missing, 3, 4], undefined],
  [[3, 4, 3], undefined],
])('a series of %j cannot be judged because %s', (values, why) => {
  expect(whyUnknown(Float64Array.from(values))).toBe(why);
});
