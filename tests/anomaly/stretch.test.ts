import { findStretch, stretchSentence } from '../../functions/anomaly/stretch';
import { STEP_MS } from './example-frames';

const day = 288;
const points = 14 * day;

/** CPU at 20 % but for blocks of 95 %, each given as points before the end and a length. */
function cpu(blocks: readonly (readonly [ago: number, length: number])[]): Float64Array {
  const values = new Float64Array(points).map((_, i) => 20 + (i % 3));
  for (const [ago, length] of blocks) values.fill(95, points - ago, points - ago + length);
  return values;
}
const find = (values: Float64Array, side: 'high' | 'low' = 'high') =>
  findStretch({ metric: 'CPUUtilization', values }, side, STEP_MS);

test('says how long it lasts, and how long those before it lasted', () => {
  const found = find(
    cpu([
      [10 * day, 6],
      [5 * day, 12],
      [3, 3],
    ]),
  );

  expect(found).toMatchObject({ minutes: 15, longestMinutes: 60, typicalMinutes: 45, earlier: 2, days: 2 });
  expect(found).toMatchObject({ isDaily: false, isLonger: false, side: 'high' });
  expect(stretchSentence(found!)).toBe('CPUUtilization has been at 91.3 % or more for 15 minutes');
});

test.each([
  [19, false],
  [20, true],
])('of %i points after one of 12, longer is %s', (length, isLonger) => {
  expect(
    find(
      cpu([
        [5 * day, 12],
        [length, length],
      ]),
    )?.isLonger,
  ).toBe(isLonger);
});

test('what comes on three days of four is daily', () => {
  const daily = Array.from({ length: 13 }, (_, i): [number, number] => [(i + 1) * day, 6]);

  expect(find(cpu([...daily, [3, 3]]))?.isDaily).toBe(true);
  expect(find(cpu([...daily.slice(4), [3, 3]]))?.isDaily).toBe(false);
});

test('a spike of two points, or a point in between, is no stretch of its own', () => {
  const spike = cpu([
    [5 * day, 2],
    [3, 3],
  ]);
  const broken = cpu([
    [5 * day, 12],
    [3, 3],
  ]);
  broken[points - 5 * day + 6] = 20;

  expect(find(spike)).toBeUndefined();
  expect(find(broken)).toMatchObject({ earlier: 1, longestMinutes: 60 });
});

test('what was left out around actions of automation counts for nothing', () => {
  const values = cpu([
    [5 * day, 12],
    [3, 3],
  ]).fill(Number.NaN, points - 5 * day - 12, points - 5 * day + 18);

  expect(find(values)).toBeUndefined();
});

test('a low stretch mirrors a high one', () => {
  const values = cpu([
    [10 * day, 6],
    [5 * day, 12],
    [3, 3],
  ]);
  const { level: _high, side: _up, ...high } = find(values)!;
  const { level, side, ...low } = find(
    values.map((value) => 100 - value),
    'low',
  )!;

  expect(low).toEqual(high);
  expect(side).toBe('low');
  expect(level).toBeLessThan(10);
});

test('a metric that is back to normal is in no stretch', () => {
  expect(find(cpu([[5 * day, 12]]), 'high')).toBeUndefined();
  expect(
    find(
      cpu([
        [5 * day, 12],
        [3, 3],
      ]),
      'low',
    ),
  ).toBeUndefined();
});

test('a low stretch is told with less', () => {
  const values = cpu([
    [5 * day, 12],
    [3, 3],
  ]).map((value) => 100 - value);

  expect(stretchSentence(find(values, 'low')!)).toBe('CPUUtilization has been at 8.7 % or less for 15 minutes');
});

test('two earlier stretches are on one day where they are within 24 hours, counted back from now', () => {
  const twice = (ago: number) =>
    find(
      cpu([
        [ago, 6],
        [ago - 50, 6],
        [3, 3],
      ]),
    )?.days;

  expect(twice(2 * day)).toBe(1);
  expect(twice(2 * day + 2)).toBe(2);
});

test('an earlier stretch is one that was as far out as now, for three points, from the first point on', () => {
  const three = cpu([
    [5 * day, 3],
    [3, 3],
  ]);
  const first = cpu([
    [points, 6],
    [3, 3],
  ]);
  const exactly = cpu([]).fill(95, points - day, points - day + 6);
  exactly.set([90, 95, 99], points - 3);
  exactly.fill(90, points - 2 * day, points - 2 * day + 12);

  expect(find(three)).toMatchObject({ earlier: 1, longestMinutes: 15 });
  expect(find(first)).toMatchObject({ earlier: 1, longestMinutes: 30 });
  expect(find(exactly)).toMatchObject({ level: 90, earlier: 2, longestMinutes: 60 });
});

test('points that are missing at the end leave the newest that are known to judge by', () => {
  const values = cpu([
    [5 * day, 12],
    [4, 3],
  ]);
  values[points - 1] = Number.NaN;

  expect(find(values)).toMatchObject({ minutes: 15, earlier: 1 });
});

test('two points, or a series that never moves, tell of no stretch', () => {
  expect(find(Float64Array.of(20, 95))).toBeUndefined();
  expect(find(new Float64Array(points).fill(95))).toBeUndefined();
});
