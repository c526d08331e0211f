import { seededRandom } from '../../functions/anomaly/random';
import { forecast } from '../../functions/patrol/forecast';

const stepMs = 300_000;
/** A Monday. */
const begin = Date.parse('2026-11-09T00:00:00Z');
const perDay = 288;
const days = 14;
const window = 72;

/** Fourteen days of five-minute points; `valueAt` counts from the beginning of the last six hours. */
function series(valueAt: (index: number, noise: number) => number, seed = 1, before = 40) {
  const random = seededRandom(seed);
  const length = days * perDay;
  const at = (i: number) =>
    i < length - window ? before + random() - 0.5 : valueAt(i - length + window, random() - 0.5);
  return {
    metric: 'CPUUtilization',
    times: Float64Array.from({ length }, (_, i) => begin + i * stepMs),
    values: Float64Array.from({ length }, (_, i) => at(i)),
    threshold: 80,
    horizonHours: 12,
  };
}

test('a steady climb is drawn on to when it crosses', () => {
  const found = forecast(series((i, noise) => 40 + i / 3 + noise));

  // 4 points of percentage an hour from 18:00 on: 80 is reached ten hours later.
  expect(Math.abs(found!.crossesAt - Date.parse('2026-11-23T04:00:00Z'))).toBeLessThan(45 * 60_000);
  expect(found!.sentence).toMatch(
    /^CPUUtilization is rising above its normal day by .* per hour and is now at .* it reaches 80 % at about 2026-11-23 0/,
  );
});

test.each([
  ['is flat', (_i: number, noise: number) => 50 + 4 * noise],
  ['falls', (i: number, noise: number) => 70 - i / 3 + noise],
  ['has one spike', (i: number, noise: number) => (i > 66 ? 78 : 40) + noise],
  ['climbs too slowly to get there in time', (i: number, noise: number) => 40 + i / 12 + noise / 10],
  ['only swings', (i: number) => 50 + 20 * Math.sin(i / 4)],
  ['is over the threshold already', (i: number) => 79 + i],
])('a series that %s forecasts nothing', (_what, valueAt) => {
  expect(forecast(series(valueAt))).toBeUndefined();
});

test('noise alone forecasts nothing, whatever the seed', () => {
  const found = Array.from({ length: 60 }, (_, seed) => forecast(series((_i, noise) => 60 + 30 * noise, seed, 60)));

  expect(found.filter((one) => one !== undefined)).toEqual([]);
});

test('gaps and missing values are passed over', () => {
  expect(forecast(series((i) => (i % 3 === 0 ? Number.NaN : 40 + i / 3)))).toBeDefined();
  expect(forecast(series(() => Number.NaN))).toBeUndefined();
});

test('an instance of less than three days has no ordinary day, so nothing is forecast', () => {
  const { times, values, ...rest } = series((i) => 40 + i / 3);
  const young = -2 * perDay - window;

  expect(forecast({ times: times.slice(young), values: values.slice(young), ...rest })).toBeUndefined();
  expect(forecast({ times: times.slice(young - perDay), values: values.slice(young - perDay), ...rest })).toBeDefined();
});

describe('a daily wave that stays below the threshold', () => {
  const busyByDay = (hour: number) => 45 + 25 * Math.sin((2 * Math.PI * (hour - 6)) / 24);
  /** With the percentage by which a leak on top of it grows in an hour. */
  const shapes: [string, (hour: number, day: number) => number, number][] = [
    ['rises and falls', busyByDay, 2],
    [
      'rises steeply in the morning',
      (hour) => (hour < 7 ? 20 : hour < 9 ? 20 + 25 * (hour - 7) : hour < 18 ? 70 : 30),
      1,
    ],
    ['rests at weekends', (hour, day) => (day % 7 >= 5 ? 20 : busyByDay(hour)), 2],
  ];
  /** Three weeks, each day up to a twentieth more or less busy than the last, and what a leak adds. */
  const weeks = (shape: (hour: number, day: number) => number, seed: number, leak: (index: number) => number) => {
    const random = seededRandom(seed);
    const busyness = Array.from({ length: 21 }, () => 0.95 + 0.1 * random());
    return Float64Array.from({ length: 21 * perDay }, (_, i) => {
      const day = Math.floor(i / perDay);
      return shape((i % perDay) / 12, day) * busyness[day]! + 4 * (random() - 0.5) + leak(i);
    });
  };
  const times = Float64Array.from({ length: 21 * perDay }, (_, i) => begin + i * stepMs);
  /** What a patrol would forecast at this point, from the fourteen days before it. */
  const at = (values: Float64Array, end: number) =>
    forecast({
      metric: 'CPUUtilization',
      times: times.slice(end - days * perDay, end),
      values: values.slice(end - days * perDay, end),
      threshold: 85,
      horizonHours: 12,
    });
  const hours = Array.from({ length: 7 * 24 }, (_, hour) => days * perDay + (hour + 1) * 12);

  test.each(shapes)('that %s is hardly ever taken for a trend, at any hour of a week', (_what, shape) => {
    const told = [1, 2].flatMap((seed) => {
      const values = weeks(shape, seed, () => 0);
      return hours.filter((end) => at(values, end) !== undefined);
    });

    // Of 336 patrols. A line that knows no ordinary day tells of a third of them.
    expect(told.length).toBeLessThanOrEqual(2);
  });

  test.each(shapes)('that %s does not hide a leak on top of it', (_what, shape, anHour) => {
    const start = 16 * perDay;
    const values = weeks(shape, 4, (i) => (Math.max(0, i - start) / 12) * anHour);
    const crossing = values.findIndex((value, i) => i > start && value >= 85);
    const first = hours.find((end) => end > start && at(values, end) !== undefined) ?? Number.POSITIVE_INFINITY;

    // Told an hour ahead at least.
    expect(first).toBeLessThanOrEqual(crossing - 12);
  });
});
