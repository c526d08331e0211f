import { vusPr } from '../../tools/bench/vus-pr';
import { example } from './vus-pr-example';

describe('VUS-PR', () => {
  // Computed with numpy from the same scores.
  test.each([
    [1, 0, 0.14159],
    [2, 0.5, 0.37233],
    [3, 2, 0.84644],
  ])('of example %i with skill %d is %d', (seed, skill, expected) => {
    const { labels, scores } = example(seed, skill);
    expect(vusPr(labels, scores)).toBeCloseTo(expected, 3);
  });
  test('of perfect scores is near 1, of wrong ones below the share of labels', () => {
    const { labels } = example(1, 0);
    const wrong = vusPr(
      labels,
      Float64Array.from(labels, (label) => 1 - label),
    );
    expect(vusPr(labels, Float64Array.from(labels))).toBeGreaterThan(0.9);
    expect(wrong).toBeLessThan(0.15);
  });
  test('counts an unknown score as 0', () => {
    const { labels, scores } = example(3, 2);
    const holes = scores.map((score, i) => (i % 7 === 0 ? Number.NaN : score));
    expect(vusPr(labels, holes)).toBe(
      vusPr(
        labels,
        holes.map((score) => score || 0),
      ),
    );
  });
});
