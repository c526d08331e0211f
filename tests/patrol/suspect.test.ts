import { seededRandom } from '../../functions/anomaly/random';
import { suspect } from '../../functions/patrol/suspect';

const settings = { PATROL_SCORE: 0.35, PATROL_HORIZON_HOURS: 12 };
const stepMs = 300_000;
const length = 4032;
const times = Float64Array.from({ length }, (_, i) => Date.parse('2026-11-10T00:00:00Z') + i * stepMs);
const since = times[length - 24]!;

function cpu(change: (value: number, index: number) => number = (value) => value) {
  const random = seededRandom(7);
  const day = (i: number) => 30 + 10 * Math.sin((2 * Math.PI * i) / 288) + 3 * (random() - 0.5);
  return { metric: 'CPUUtilization', values: Float64Array.from({ length }, (_, i) => change(day(i), i)) };
}
const check = (failed: boolean) => ({
  metric: 'StatusCheckFailed',
  values: Float64Array.from({ length }, (_, i) => (failed && i > length - 3 ? 1 : 0)),
});
const look = (...series: ReturnType<typeof cpu>[]) =>
  suspect({ times, series }, since, { CPUUtilization: 80 }, settings);

test('an ordinary instance is not suspected', () => {
  expect(look(cpu(), check(false)).suspicions).toEqual([]);
});

test('a point unlike anything in 14 days is', () => {
  const [first] = look(cpu((value, i) => (i === length - 5 ? 70 : value))).suspicions;

  expect(first).toMatchObject({ kind: 'anomaly', metric: 'CPUUtilization' });
  expect(first?.sentence).toContain('70 %');
});

test('a failed check weighs most', () => {
  const found = look(
    cpu((value, i) => (i === length - 5 ? 70 : value)),
    check(true),
  ).suspicions;

  expect(found.map(({ kind }) => kind)).toEqual(['status-check', 'anomaly']);
});

test('a climb towards the threshold of its alarm is told before the alarm', () => {
  const climbing = cpu((value, i) => (i > length - 72 ? 30 + (i - length + 72) / 2 : value));

  expect(look(climbing).suspicions).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'forecast' })]));
});

test('what cannot be seen is unknown, never normal', () => {
  const { suspicions, unknown } = look(
    cpu(() => Number.NaN),
    { metric: 'NetworkIn', values: new Float64Array(length) },
  );

  expect(suspicions).toEqual([]);
  expect(unknown).toHaveLength(2);
});
