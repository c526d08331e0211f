import fc from 'fast-check';
import { detectors } from '../../functions/anomaly/detectors/registry';
import { alertsOf } from '../../functions/anomaly/echo';
import { findJoint, jointDetectors } from '../../functions/anomaly/joint-finding';
import { seededRandom } from '../../functions/anomaly/random';
import { jointSet } from '../../tools/bench/joint-set';
import { dailyWave, frameOf, timesOf } from './example-frames';

const day = 288;
const ensemble = detectors.get('ensemble')!;

/** CPU and traffic that follow one load; from `at` on CPU stays where it is while traffic goes on. */
function loadWith(at: number, points: number, length = 15 * day) {
  const load = dailyWave(length, 8, 50, 30);
  const noise = seededRandom(4);
  const CPUUtilization = load.map((value, i) => (i >= at && i < at + points ? load[at]! + noise() : value));
  const NetworkIn = load.map((value) => 700 * value + 1500 * noise());
  const NetworkOut = load.map((value) => 900 * value + 2000 * noise());
  return { CPUUtilization, NetworkIn, NetworkOut };
}
/** The load rises through its middle. */
const at = 14 * day;

test('several metrics that are odd together stand out, though each value is ordinary, and the sentence names them', () => {
  const frame = frameOf(loadWith(at, 72));
  const scoring = ensemble.score(frame);
  const before = Math.max(...scoring.scores.slice(10 * day, at));
  const within = scoring.scores.slice(at, at + 72);
  expect(Math.max(...within)).toBeGreaterThan(before);
  expect(Math.max(...within)).toBeGreaterThan(ensemble.threshold);
  expect(scoring.explain(at + 40)!.sentence).toMatch(
    /^CPUUtilization [\d.]+ % is [\d.]+ points below what the other metrics say/,
  );
});

test('a state stays high while the trouble lasts; of its alerts there is one', () => {
  const { scores } = ensemble.score(frameOf(loadWith(at, 72)));
  const states = scores.slice(at, at + 72).filter((score) => score >= ensemble.threshold);
  const alerts = alertsOf(scores, ensemble.threshold)
    .slice(at, at + day)
    .filter((score) => score > 0);
  expect(states.length).toBeGreaterThan(5);
  expect(alerts.length).toBeLessThan(states.length);
});

test('the joint novelty finds generated joint oddities within half an hour, all but the last, which looks like those before it', () => {
  const { matrix, isOdd, metrics } = jointSet(1);
  const column = (c: number) => Array.from({ length: matrix.rows }, (_, row) => matrix.data[row * matrix.columns + c]!);
  const frame = frameOf(Object.fromEntries(metrics.map((metric, c) => [metric, column(c)])));
  const { scores } = ensemble.score(frame);
  const starts = isOdd.flatMap((odd, i) => (odd && !isOdd[i - 1] ? [i] : []));
  expect(starts).toHaveLength(5);
  const found = starts.filter((start) => Math.max(...scores.slice(start, start + 7)) >= ensemble.threshold);
  expect(found).toEqual(starts.slice(0, 4));
});

test('the same threshold does for few metrics and for many', () => {
  const share = (count: number) => {
    const metrics = Object.fromEntries(Array.from({ length: count }, (_, k) => [`m${k}`, dailyWave(8 * day, k + 1)]));
    const { scores } = ensemble.score(frameOf(metrics));
    return scores.slice(4 * day).filter((score) => score >= ensemble.threshold).length / (4 * day);
  };
  for (const count of [2, 8, 20]) expect(share(count)).toBeLessThan(0.02);
});

test('appending any points to several metrics changes no earlier score', () => {
  const walk = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 700, maxLength: 700 });
  fc.assert(
    fc.property(walk, walk, fc.integer({ min: 1, max: 699 }), (a, b, cut) => {
      const whole = ensemble.score(frameOf({ a, b })).scores.slice(0, cut);
      expect(ensemble.score(frameOf({ a: a.slice(0, cut), b: b.slice(0, cut) })).scores).toEqual(whole);
    }),
    { numRuns: 20 },
  );
});

test('a metric that is missing for a while leaves the state of the others known', () => {
  const metrics = loadWith(0, 0, 4 * day);
  metrics.NetworkIn.fill(Number.NaN, 3 * day, 3 * day + 50);
  const { scores } = ensemble.score(frameOf(metrics));
  expect(scores.some(Number.isNaN)).toBe(false);
  for (const values of Object.values(metrics)) values[3 * day + 10] = Number.NaN;
  expect(ensemble.score(frameOf(metrics)).scores[3 * day + 10]).toBeNaN();
});

test.each(jointDetectors)('when an alarm is judged, %s can be chosen', (name) => {
  const { times, series } = frameOf(loadWith(at, 24, at + 24));
  const found = findJoint({ times, series }, at - 12, undefined, name);
  if (name === 'novelty-gap') expect(found).toBeUndefined();
  else {
    expect(found).toMatchObject({ detector: name });
    expect(found!.score).toBeGreaterThan(found!.threshold);
  }
});

test('an alert begins where a state rises above the threshold and above what was told', () => {
  const scores = Float64Array.from([0.1, 0.5, 0.4, 0.1, 0.6, Number.NaN]);
  expect([...alertsOf(scores, 0.21)]).toEqual([0, 0.5, 0, 0, 0.6, Number.NaN]);
});

test('there is nothing to say of no metric at all', () => {
  expect(ensemble.score({ times: timesOf(3), series: [] }).scores).toEqual(Float64Array.of(NaN, NaN, NaN));
});
