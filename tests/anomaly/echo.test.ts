import { alertsOf, foldEchoes } from '../../functions/anomaly/echo';

const fold = (scores: number[], points = 10) => [...foldEchoes(Float64Array.from(scores), points)];

describe('folding what follows a large score', () => {
  test('keeps the first and drops smaller ones soon after', () => {
    expect(fold([0.1, 0.9, 0.5, 0.3])).toEqual([0.1, 0.9, 0, 0]);
  });
  test('keeps a larger one after a smaller', () => {
    expect(fold([0.4, 0.9])).toEqual([0.4, 0.9]);
  });
  test('forgets with time: an equal score counts again later', () => {
    expect(fold([0.5, ...Array(30).fill(0), 0.5]).at(-1)).toBe(0.5);
  });
  test.each([
    ['unchanged', Array(50).fill(0.5)],
    ['hardly smaller from point to point', Array.from({ length: 50 }, (_, index) => 0.5 - index / 1000)],
  ])('a score that stays %s counts once', (_how, scores) => {
    expect(fold(scores)).toEqual([0.5, ...Array(49).fill(0)]);
  });
  test('a missing score stays unknown and erases no memory', () => {
    expect(fold([0.9, Number.NaN, 0.5])).toEqual([0.9, Number.NaN, 0]);
  });
});

test('a trouble is told once, from the threshold on, and again when it grows', () => {
  const scores = Float64Array.of(0.1, 0.2, 0.5, 0.4, 0.45, 0.7, 0.3, Number.NaN);
  expect([...alertsOf(scores, 0.2)]).toEqual([0, 0.2, 0.5, 0, 0, 0.7, 0, Number.NaN]);
});
