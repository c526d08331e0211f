import { scoreView } from '../../functions/anomaly/novelty';
import { seededRandom } from '../../functions/anomaly/random';
import { dailyRhythm, lessSameTime } from '../../functions/anomaly/same-time';
import { DEFAULT_THRESHOLD } from '../../functions/anomaly/threshold';
import { dailyWave, timesOf } from './example-frames';

const DAY = 288;
const wave = (days: number) => Float64Array.from(dailyWave(DAY * days, 1));
const noise = (days: number) => {
  const random = seededRandom(2);
  return Float64Array.from({ length: DAY * days }, () => random());
};
const options = { points: 4032, rank: 2, ramp: 0.25 };

describe('the same time of earlier days', () => {
  test('a daily wave is nearly flat, and an afternoon that is missing is not', () => {
    const values = wave(6);
    values.fill(40, DAY * 5 + 60, DAY * 5 + 90);
    const view = lessSameTime(timesOf(values.length), values);
    expect(Math.abs(view[DAY * 4 + 72]!)).toBeLessThan(3);
    expect(view[DAY * 5 + 72]).toBeLessThan(-8);
  });
  test('nothing is said before three earlier days are known', () => {
    const values = wave(4);
    const view = lessSameTime(timesOf(values.length), values);
    expect(view[DAY * 3 - 10]).toBeNaN();
    expect(view[DAY * 3 + 10]).not.toBeNaN();
  });
  test('a job that starts a quarter of an hour early is no surprise, one at another hour is', () => {
    const values = Float64Array.from({ length: DAY * 8 }, (_, i) => (i % DAY >= 30 && i % DAY < 36 ? 80 : 5));
    values.fill(80, DAY * 7 + 27, DAY * 7 + 30);
    values.fill(80, DAY * 7 + 150, DAY * 7 + 156);
    const view = lessSameTime(timesOf(values.length), values);
    expect(view[DAY * 7 + 28]).toBe(0);
    expect(view[DAY * 7 + 152]).toBe(75);
  });
});

/** By the definition: the nearest of the values within a quarter of an hour of the same time, on days that are all known. */
function nearestByDefinition(times: Float64Array, values: Float64Array, i: number, slack: number): number {
  const days = Array.from({ length: 14 }, (_, day) => times[i]! - (day + 1) * 86_400_000).filter(
    (at) => at >= times[0]!,
  );
  const differences = days.map((at) =>
    [...values.slice(0, i)].flatMap((value, k) => {
      const isNear = Math.abs(times[k]! - at) <= slack && Number.isFinite(value);
      return isNear ? [values[i]! - value] : [];
    }),
  );
  if (differences.filter(({ length }) => length > 0).length < 3) return Number.NaN;
  return differences.flat().reduce((best, one) => (Math.abs(one) < Math.abs(best) ? one : best));
}

test.each([
  [300_000, 900_000],
  [3_600_000, 3_600_000],
])('with points every %i ms each is compared with what lies within %i ms on 14 earlier days', (step, slack) => {
  const random = seededRandom(7);
  const length = Math.ceil((16 * 86_400_000) / step);
  const times = Float64Array.from({ length }, (_, i) => 1_700_000_000_000 + i * step);
  const values = times.map(() => (random() < 0.3 ? Number.NaN : 100 * random()));
  const view = lessSameTime(times, values);

  const judged = times.length > 1000 ? [0, 800, 864, 900, 2000, 4031, 4032, 4400, length - 1] : [...times.keys()];
  for (const i of judged) expect(view[i]).toEqual(nearestByDefinition(times, values, i, slack));
});

describe('a daily rhythm', () => {
  test('is found in a daily wave after five days, and not in noise', () => {
    const values = wave(8);
    const rhythm = dailyRhythm(timesOf(values.length), values);
    expect(rhythm.slice(0, DAY * 5).some(Boolean)).toBe(false);
    expect(rhythm.slice(DAY * 5).every(Boolean)).toBe(true);
    expect(dailyRhythm(timesOf(DAY * 8), noise(8)).some(Boolean)).toBe(false);
  });
  test('is found in spite of gaps, and not before there is anything to compare with', () => {
    const values = wave(8).map((value, i) => (i % 5 === 0 || i < DAY ? Number.NaN : value));
    const rhythm = dailyRhythm(timesOf(values.length), values);
    expect(rhythm.slice(DAY * 5).every(Boolean)).toBe(true);
    expect(dailyRhythm(timesOf(DAY * 8), new Float64Array(DAY * 8).fill(3)).some(Boolean)).toBe(false);
  });
  test('is forgotten once it has been over for weeks, and learned again', () => {
    const calm = noise(40).map((value) => 40 * value);
    const ended = Float64Array.from([...wave(10), ...calm]);
    expect(dailyRhythm(timesOf(ended.length), ended).at(-1)).toBe(0);
    const begun = Float64Array.from([...calm.slice(0, DAY * 10), ...dailyWave(DAY * 40, 1)]);
    expect(dailyRhythm(timesOf(begun.length), begun).at(-1)).toBe(1);
  });
  test('decides whether the view has a say: without one its score is 0', () => {
    const values = noise(8);
    values[DAY * 7] = 50;
    const { seen, scores } = scoreView('same-time', timesOf(values.length), values, options);
    expect(seen[DAY * 7]).toBeGreaterThan(40);
    expect(scores[DAY * 7]).toBe(0);
  });
  test('gives a flat afternoon away that every other view takes for a night', () => {
    const values = wave(10);
    values.fill(values[DAY * 8 + 216]!, DAY * 9 + 60, DAY * 9 + 84);
    const highestOf = (view: string) =>
      Math.max(...scoreView(view, timesOf(values.length), values, options).scores.slice(DAY * 9 + 60, DAY * 9 + 84));
    expect(highestOf('same-time')).toBeGreaterThan(DEFAULT_THRESHOLD);
    expect(highestOf('value')).toBeLessThan(DEFAULT_THRESHOLD / 4);
  });
});
