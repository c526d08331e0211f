import { givenOthers } from '../../functions/anomaly/given-others';
import { seededRandom } from '../../functions/anomaly/random';
import { correlated, precisionOf } from '../../functions/anomaly/shrunk-covariance';

const POINTS = 300;
const random = seededRandom(5);
const load = Float64Array.from({ length: POINTS }, () => 50 + 20 * (random() - 0.5));
const traffic = load.map((value) => 700 * value + 4000 * (random() - 0.5));
const disk = load.map(() => 5 + random());

const meanOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, one) => sum + one, 0) / values.length;
const deviationOf = (values: ArrayLike<number>) =>
  Math.sqrt(meanOf(Array.from(values, (one) => (one - meanOf(values)) ** 2)));
const correlationOf = (a: Float64Array, b: Float64Array) =>
  meanOf(a.map((one, i) => (one - meanOf(a)) * (b[i]! - meanOf(b)))) / (deviationOf(a) * deviationOf(b));

describe('metrics together', () => {
  test('have their means, their deviations, and how each goes with each', () => {
    const { means, deviations, correlation } = correlated([load, traffic], 100, 200);
    const [a, b] = [load.slice(100, 200), traffic.slice(100, 200)];
    expect(means[0]).toBeCloseTo(meanOf(a), 9);
    expect(deviations[1]).toBeCloseTo(deviationOf(b), 6);
    expect(correlation.points).toBe(100);
    expect(correlation.sums[0]![1]! / 100).toBeCloseTo(correlationOf(a, b), 9);
    expect(correlation.sums[1]![0]).toBe(correlation.sums[0]![1]);
    expect(correlation.sums[1]![1]! / 100).toBeCloseTo(1, 9);
  });
  test('a missing value counts as the mean, and one that does not change, or is missing everywhere, goes with nothing', () => {
    const gaps = load.map((value, i) => (i % 4 === 0 ? Number.NaN : value));
    const constant = load.map(() => 0.1 + 0.2);
    const { means, deviations, correlation } = correlated([gaps, constant, load.map(() => Number.NaN)], 0, POINTS);
    const known = gaps.filter(Number.isFinite);
    expect(means[0]).toBeCloseTo(meanOf(known), 9);
    expect(deviations[0]).toBeCloseTo(deviationOf(known), 9);
    expect([...deviations.slice(1)]).toEqual([0, 0]);
    expect(means[2]).toBe(0);
    expect(correlation.sums[0]![0]! / known.length).toBeCloseTo(1, 9);
    expect(correlation.sums.slice(1).flatMap((row) => [...row])).toEqual(Array(6).fill(0));
  });
  test('a change that is only the rounding of a large number is none', () => {
    const { deviations } = correlated(
      [load.map((_, i) => 1e12 + (i % 2)), load.map((_, i) => (i % 2) * 1e-12)],
      0,
      200,
    );
    expect(deviations[0]).toBe(0);
    expect(deviations[1]).toBeGreaterThan(0);
  });
  test.each([0.1, 0.5])(
    'with a share of %d of the identity, the precision is the inverse of the correlation',
    (shrink) => {
      const { correlation } = correlated([load, traffic, disk], 0, POINTS);
      const precision = precisionOf(correlation, shrink);
      const shrunk = correlation.sums.map((row, j) =>
        Array.from(row, (sum, k) => (1 - shrink) * (sum / POINTS) + (j === k ? shrink : 0)),
      );
      for (const j of [0, 1, 2])
        for (const k of [0, 1, 2])
          expect(shrunk[j]!.reduce((sum, one, i) => sum + one * precision[i]![k]!, 0)).toBeCloseTo(j === k ? 1 : 0, 9);
    },
  );
});

describe('what the others say of a metric', () => {
  const options = { block: 120, window: 150, shrinks: [0.5, 0.1] };

  test('is where a line through the points before the block puts it, drawn to the mean by the shrink', () => {
    const found = givenOthers([load, traffic], options);
    const at = 250;
    // The block of this point begins at 240, and its model sees the 150 points before that.
    const [a, b] = [load.slice(90, 240), traffic.slice(90, 240)];
    for (const [s, shrink] of options.shrinks.entries()) {
      const tie = (1 - shrink) * correlationOf(a, b);
      const scaled = (traffic[at]! - meanOf(b)) / deviationOf(b);
      const expected = meanOf(a) + tie * scaled * deviationOf(a);
      const open = deviationOf(a) * Math.sqrt(1 - tie ** 2);
      expect(found[s]![0]!.expected[at]).toBeCloseTo(expected, 6);
      expect(found[s]![0]!.distance[at]).toBeCloseTo((load[at]! - expected) / open, 6);
    }
  });
  test('is unknown before there is a model, where the metric is missing, and of one that never changed', () => {
    const gaps = load.map((value, i) => (i === 200 ? Number.NaN : value));
    const [[own, other, constant]] = givenOthers([gaps, traffic, load.map(() => 3)], {
      ...options,
      shrinks: [0.5],
    }) as [ReturnType<typeof givenOthers>[number]];
    expect([...own!.distance.slice(0, 120)].every(Number.isNaN)).toBe(true);
    expect(own!.distance[120]).not.toBeNaN();
    expect([own!.distance[200], own!.expected[200]]).toEqual([Number.NaN, Number.NaN]);
    expect(other!.expected[200]).toBeCloseTo(meanOf(traffic.slice(0, 120)), 6);
    expect(constant!.distance.every(Number.isNaN)).toBe(true);
    expect(own!.distance[299]).not.toBeNaN();
  });
  test('is not said by a model of fewer than a hundred points, and each block has a model of what is before it', () => {
    const [[few]] = givenOthers([load, traffic], { ...options, block: 60, shrinks: [0.5] }) as [
      ReturnType<typeof givenOthers>[number],
    ];
    expect(few!.distance[119]).toBeNaN();
    expect(few!.distance[120]).not.toBeNaN();
    const changed = load.map((value, i) => (i >= 240 ? 10 * value : value));
    const [before, after] = [load, changed].map((one) => givenOthers([one, traffic], options)[0]![0]!.distance);
    expect([...after!.slice(120, 240)]).toEqual([...before!.slice(120, 240)]);
  });
  test('is nothing of no metric', () => {
    expect(givenOthers([], options)).toEqual([[], []]);
  });
});
