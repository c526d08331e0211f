import { explainJoint } from '../../../functions/anomaly/detectors/joint';

const times = Float64Array.from({ length: 5 }, (_, i) => i * 300_000);
const frame = (series: Record<string, number[]>) => ({
  times,
  series: Object.entries(series).map(([metric, values]) => ({ metric, values: Float64Array.from(values) })),
});

test.each([
  [[1, 2, 3, 4, 5], 100],
  [[1, 2, 3, 4, 0], 0],
  [[1, 2, 3, 4, 2.5], 50],
  // A tie stands half below and half above.
  [[7, 7, 7, 7, 7], 50],
  [[1, 2, 2, 3, 2], 50],
  [[2, 2, 2, 3, 2], 38],
])('the last of %j has %d %% of the earlier points below it', (values, percent) => {
  expect(explainJoint(frame({ CPUUtilization: values }), 4)?.sentence).toContain(`(${percent} % of points are lower)`);
});

test('the metric that is farthest from the middle comes first, on either side, and names the evidence', () => {
  const found = explainJoint(frame({ NetworkIn: [1, 2, 3, 4, 2.5], CPUUtilization: [5, 6, 7, 8, 1] }), 4);

  expect(found).toMatchObject({ metric: 'CPUUtilization', value: 1, nearestNormal: 6.5, view: 'joint' });
  expect(found?.sentence).toMatch(/^together these are rare: CPUUtilization 1 % .*, NetworkIn 2.5 B/);
});

test('a metric alone is rare by itself, one without a value is left out, and without any there is no evidence', () => {
  const missing = [1, 2, 3, 4, Number.NaN];

  expect(explainJoint(frame({ CPUUtilization: [1, 2, 3, 4, 9], NetworkIn: missing }), 4)?.sentence).toMatch(
    /^this is rare: CPUUtilization 9 % \(100 % of points are lower\)$/,
  );
  expect(explainJoint(frame({ NetworkIn: missing }), 4)).toBeUndefined();
});
