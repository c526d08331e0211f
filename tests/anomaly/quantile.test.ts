import { finiteOf, quantile } from '../../functions/anomaly/quantile';

test('a quantile lies linearly between ranks, and there is none of nothing', () => {
  const numbers = Float64Array.of(30, 10, 20, 40);
  expect([0, 0.5, 0.9, 1].map((q) => quantile(numbers, q))).toEqual([10, 25, 37, 40]);
  expect(quantile(new Float64Array(0), 0.5)).toBeNaN();
  expect([...numbers]).toEqual([30, 10, 20, 40]);
});

test('the finite numbers of a stretch are those from its start up to its end, which may lie beyond the last', () => {
  const numbers = Float64Array.of(1, Number.NaN, 2, Number.POSITIVE_INFINITY, 3);
  expect([...finiteOf(numbers)]).toEqual([1, 2, 3]);
  expect([...finiteOf(numbers, 1, 4)]).toEqual([2]);
  expect([...finiteOf(numbers, 2, 9)]).toEqual([2, 3]);
  expect([...finiteOf(numbers, 7)]).toEqual([]);
});
