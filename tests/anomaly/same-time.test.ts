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

describe('a daily rhythm', () => {
  test('is found in a daily wave after five days, and not in noise', () => {
    const values = wave(8);
    const rhythm = dailyRhythm(timesOf(values.length), values);
    expect(rhythm.slice(0, DAY * 5).some(Boolean)).toBe(false);
    expect(rhythm.slice(DAY * 5).every(Boolean)).toBe(true);
    expect(dailyRhythm(timesOf(DAY * 8), noise(8)).some(Boolean)).toBe(false);
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
