import { noveltyGaps } from '../../functions/anomaly/gap';

const options = { points: 100, rank: 1, ramp: 0 };
const gapsOf = (values: number[], over = {}) => noveltyGaps(Float64Array.from(values), { ...options, ...over });
const steady = Array.from({ length: 50 }, (_, i) => i % 5);

describe('the novelty gap', () => {
  test('is 0 for a value seen before and grows with the distance to the nearest', () => {
    const { relative, nearest } = gapsOf([...steady, 2, 9, 20]);
    expect(relative[50]).toBe(0);
    expect(relative[52]).toBeGreaterThan(relative[51]! / 2);
    expect([nearest[51], nearest[52]]).toEqual([4, 9]);
  });
  test('is infinite for the first change of a constant', () => {
    expect(gapsOf([...Array(20).fill(3), 4]).relative[20]).toBe(Number.POSITIVE_INFINITY);
  });
  test('is 0 while the past is too short to judge', () => {
    expect(gapsOf([1, 100, 5, 900]).relative).toEqual(new Float64Array(4));
  });
  test('calls a return to values seen before an incident normal', () => {
    const { relative } = gapsOf([...steady, ...Array(30).fill(40), 2, 3]);
    expect(relative[50]).toBeGreaterThan(1);
    expect([...relative.slice(80)]).toEqual([0, 0]);
  });
  test('forgets what lies farther back than its points', () => {
    const values = [50, ...steady, ...steady, 50];
    expect(gapsOf(values, { points: 200 }).relative.at(-1)).toBe(0);
    expect(gapsOf(values, { points: 60 }).relative.at(-1)).toBeGreaterThan(1);
  });
  test('with rank 2 sees a second oddity that the first would hide', () => {
    const values = [...steady, 50, ...steady, 50];
    expect(gapsOf(values).relative.at(-1)).toBe(0);
    expect(gapsOf(values, { rank: 2 }).relative.at(-1)).toBeGreaterThan(1);
  });
  test('trusts a short memory less by its ramp', () => {
    const values = [...steady, 20];
    expect(gapsOf(values, { ramp: 0.5 }).relative[50]).toBeCloseTo(gapsOf(values).relative[50]! * Math.SQRT1_2, 10);
  });
  test('judges a point the same whether or not those before it are judged', () => {
    const values = Array.from({ length: 400 }, (_, i) =>
      i % 7 === 3 ? Number.NaN : Math.round(50 * Math.sin(i / 9) + (i % 11)),
    );
    for (const points of [60, 1000]) {
      const whole = gapsOf(values, { points, rank: 2 });
      const late = gapsOf(values, { points, rank: 2, from: 300 });
      const rounded = (numbers: ArrayLike<number>) =>
        Array.from(numbers, (one) => Math.round(one * 1e9) / 1e9).slice(300);
      expect(rounded(late.relative)).toEqual(rounded(whole.relative));
      expect([...late.nearest.slice(300)]).toEqual([...whole.nearest.slice(300)]);
      expect([...late.lean.slice(300)]).toEqual([...whole.lean.slice(300)]);
      expect(late.relative.slice(0, 300)).toEqual(Float64Array.from(values.slice(0, 300), (one) => one - one));
    }
  });
});

/** By the definition: sort the known points before each one by their distance, and take the one of that rank. */
function gapByDefinition(view: number[], at: number, { points, rank, ramp }: typeof options) {
  const known = view.slice(0, at).filter(Number.isFinite).slice(-points);
  const value = view[at]!;
  const sorted = known.map((one) => Math.abs(one - value)).sort((a, b) => a - b);
  const gap = sorted[Math.min(rank, known.length) - 1]!;
  if (known.length < 10 || gap === 0) return 0;
  const range = Math.max(...known) - Math.min(...known);
  const mean = known.reduce((sum, one) => sum + one, 0) / known.length;
  const deviation = Math.sqrt(known.reduce((sum, one) => sum + (one - mean) ** 2, 0) / known.length);
  const relative = range === 0 ? Number.POSITIVE_INFINITY : gap / Math.sqrt(deviation * range);
  return relative * (known.length / points) ** ramp;
}

test.each([
  { points: 200, rank: 1, ramp: 0 },
  { points: 200, rank: 2, ramp: 0.25 },
  { points: 20, rank: 2, ramp: 0.25 },
  { points: 35, rank: 3, ramp: 0.5 },
])('the gap is the distance of its rank, relative to how far the points before spread: %j', (of) => {
  const view = Array.from({ length: 70 }, (_, i) =>
    i % 9 === 4 ? Number.NaN : 7 * Math.sin(i * i) + (i % 13 === 0 ? 9 : 0),
  );
  const { relative } = gapsOf(view, of);
  for (const [at, value] of view.entries()) {
    if (Number.isNaN(value)) expect(relative[at]).toBeNaN();
    else expect(relative[at]).toBeCloseTo(gapByDefinition(view, at, of), 9);
  }
});

test.each([100, 15])(
  'a point leans to the side away from what is nearest, to none where both sides are as near (%i points)',
  (points) => {
    const view = [...Array(8).fill(0), ...Array(8).fill(10), 12, -3, 5, Number.NaN];
    const { lean, nearest } = gapsOf(view, { points });
    expect([...lean.slice(16)]).toEqual([1, -1, 0, 0]);
    expect([...nearest.slice(16, 18)]).toEqual([10, 0]);
    expect(nearest[19]).toBeNaN();
  },
);

test.each([100, 12])('what stays as it always was has no gap, and lies to no side (%i points)', (points) => {
  const { relative, lean } = gapsOf(Array(20).fill(3), { points });
  expect([...relative]).toEqual(Array(20).fill(0));
  expect([...lean.slice(1)]).toEqual(Array(19).fill(0));
});

test.each([100, 15])('below zero too, a point above what is nearest leans to the high side (%i points)', (points) => {
  const below = [...Array(8).fill(-20), ...Array(8).fill(-10)];
  expect(gapsOf([...below, -8], { points }).lean[16]).toBe(1);
  expect(gapsOf([...below, -23], { points }).lean[16]).toBe(-1);
});
