import { seededRandom } from '../../functions/anomaly/random';
import { forecast } from '../../functions/patrol/forecast';

const stepMs = 300_000;
const begin = Date.parse('2026-11-24T00:00:00Z');

/** Six hours of five-minute points. */
function series(valueAt: (index: number, noise: number) => number, seed = 1) {
  const random = seededRandom(seed);
  const length = 72;
  return {
    metric: 'CPUUtilization',
    times: Float64Array.from({ length }, (_, i) => begin + i * stepMs),
    values: Float64Array.from({ length }, (_, i) => valueAt(i, random() - 0.5)),
    threshold: 80,
    horizonHours: 12,
  };
}

test('a steady climb is drawn on to when it crosses', () => {
  const found = forecast(series((i, noise) => 30 + i / 3 + noise));

  // 4 points of percentage an hour: 80 is reached 12.5 hours after the beginning.
  expect(Math.abs(found!.crossesAt - (begin + 12.5 * 3_600_000))).toBeLessThan(30 * 60_000);
  expect(found!.sentence).toMatch(/^CPUUtilization has risen by .* an hour .* it reaches 80 % at about 2026-11-24 12:/);
});

test.each([
  ['is flat', (_i: number, noise: number) => 50 + 4 * noise],
  ['falls', (i: number, noise: number) => 70 - i / 3 + noise],
  ['has one spike', (i: number, noise: number) => (i > 66 ? 78 : 40) + noise],
  ['climbs too slowly to get there in time', (i: number, noise: number) => 20 + i / 12 + noise / 10],
  ['only swings', (i: number) => 50 + 20 * Math.sin(i / 4)],
  ['is over the threshold already', (i: number) => 79 + i],
])('a series that %s forecasts nothing', (_what, valueAt) => {
  expect(forecast(series(valueAt))).toBeUndefined();
});

test('noise alone forecasts nothing, whatever the seed', () => {
  const alarms = Array.from({ length: 300 }, (_, seed) => forecast(series((_i, noise) => 60 + 30 * noise, seed)));

  expect(alarms.filter((found) => found !== undefined)).toEqual([]);
});

test('gaps and missing values are passed over', () => {
  expect(forecast(series((i) => (i % 3 === 0 ? Number.NaN : 30 + i / 3)))).toBeDefined();
  expect(forecast(series(() => Number.NaN))).toBeUndefined();
});
