import fc from 'fast-check';
import { SortedWindow } from '../../functions/anomaly/sorted-window';

const numbers = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 200 });

test('a sorted window holds what was added and not removed, in order, however small it began', () => {
  fc.assert(
    fc.property(numbers, fc.nat(199), (added, removals) => {
      const window = new SortedWindow(1);
      for (const one of added) window.add(one);
      const gone = added.slice(0, removals);
      for (const one of gone) window.remove(one);
      const kept = added.slice(gone.length).sort((a, b) => a - b);
      expect(Array.from({ length: window.size }, (_, rank) => window.at(rank))).toEqual(kept);
    }),
  );
});

test('a neighbour is as far as a search of all of them finds, and the farthest where there are fewer', () => {
  fc.assert(
    fc.property(
      numbers,
      fc.double({ min: -60, max: 60, noNaN: true }),
      fc.integer({ min: 1, max: 4 }),
      (added, value, rank) => {
        const window = new SortedWindow();
        for (const one of added) window.add(one);
        const distances = added.map((one) => Math.abs(one - value)).sort((a, b) => a - b);
        expect(Math.abs(window.neighbour(value, rank) - value)).toBe(distances[Math.min(rank, added.length) - 1]);
      },
    ),
  );
});

test('an empty window has no quantile and no neighbour', () => {
  const window = new SortedWindow();
  expect(window.quantile(0.5)).toBeNaN();
  expect(window.neighbour(1, 1)).toBeNaN();
});

test('quantiles lie linearly between ranks', () => {
  const window = new SortedWindow();
  for (const one of [30, 10, 20, 40]) window.add(one);
  expect([0, 0.5, 1].map((q) => window.quantile(q))).toEqual([10, 25, 40]);
});
