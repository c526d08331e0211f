import fc from 'fast-check';
import { detectors } from '../../../functions/anomaly/detectors/registry';
import { dailyWave, frameOf } from '../example-frames';

const scoresOf = (name: string, metrics: Record<string, readonly number[]>) => [
  ...detectors.get(name)!.score(frameOf(metrics)).scores,
];
const walk = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 300 });

describe.each([...detectors.keys()])('%s', (name) => {
  test('scores stay between 0 and 1, one a point', () => {
    const scores = scoresOf(name, { cpu: [...dailyWave(700, 1), 1e9, -1e9] });
    expect(scores).toHaveLength(702);
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
  });
  test('a missing value is unknown and does not disturb the others', () => {
    const values = dailyWave(600, 2);
    values[550] = Number.NaN;
    const scores = scoresOf(name, { cpu: values });
    expect(scores[550]).toBeNaN();
    expect(scores.filter(Number.isNaN)).toHaveLength(1);
  });
  test('the same frame gives the same scores', () => {
    const metrics = { cpu: dailyWave(700, 3), net: dailyWave(700, 4) };
    expect(scoresOf(name, metrics)).toEqual(scoresOf(name, metrics));
  });
  test('points that are appended change no earlier score', () => {
    const values = [...dailyWave(650, 5), ...dailyWave(50, 6, 90)];
    const all = scoresOf(name, { cpu: values });
    expect(scoresOf(name, { cpu: values.slice(0, 610) })).toEqual(all.slice(0, 610));
  });
  test('nothing at all gives no scores', () => {
    expect(scoresOf(name, { cpu: [] })).toEqual([]);
  });
});

describe.each(['novelty-gap', 'ensemble'])('%s on one metric', (name) => {
  test('keeps its scores when the series is scaled and shifted', () => {
    fc.assert(
      fc.property(
        walk,
        fc.integer({ min: -6, max: 6 }),
        fc.integer({ min: -1000, max: 1000 }),
        (values, power, shift) => {
          const moved = values.map((value) => (value + shift) * 2 ** power);
          const before = scoresOf(name, { cpu: values });
          for (const [i, score] of scoresOf(name, { cpu: moved }).entries()) expect(score).toBeCloseTo(before[i]!, 6);
        },
      ),
      { numRuns: 50 },
    );
  });
  test('appending any points changes no earlier score', () => {
    fc.assert(
      fc.property(walk, walk, (values, more) => {
        expect(scoresOf(name, { cpu: [...values, ...more] }).slice(0, values.length)).toEqual(
          scoresOf(name, { cpu: values }),
        );
      }),
      { numRuns: 50 },
    );
  });
  test('says how far a spike is from the nearest normal value', () => {
    const scoring = detectors.get(name)!.score(frameOf({ CPUUtilization: [...dailyWave(2000, 7), 97] }));
    expect(scoring.scores[2000]).toBeGreaterThan(detectors.get(name)!.threshold);
    const evidence = scoring.explain(2000)!;
    expect(evidence).toMatchObject({ metric: 'CPUUtilization', value: 97 });
    expect(evidence.nearestNormal).toBeLessThan(60);
    expect(evidence.sentence).toMatch(/^CPUUtilization 97 % is [\d.]+ points above/);
  });
});

test('a joint oddity stands out in the forest though each value is ordinary alone', () => {
  const load = dailyWave(4100, 8, 50, 30);
  const at = 4050;
  const CPUUtilization = [...load];
  CPUUtilization[at] = Math.min(...load) + 4;
  const NetworkOut = load.map((value) => value * 900);
  NetworkOut[at] = Math.max(...NetworkOut) - 4000;
  const scores = detectors.get('isolation-forest')!.score(frameOf({ CPUUtilization, NetworkOut })).scores.slice(3900);
  const higher = scores.filter((score) => score > scores[at - 3900]!).length;
  expect(higher).toBeLessThan(3);
});
