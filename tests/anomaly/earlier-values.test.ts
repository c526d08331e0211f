import fc from 'fast-check';
import { EarlierValues } from '../../functions/anomaly/earlier-values';
import { noveltyGaps } from '../../functions/anomaly/gap';
import { SortedWindow } from '../../functions/anomaly/sorted-window';

const fewValues = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 40 });

test('what is left beside the place of a value are the values before it, as a window of those has them', () => {
  fc.assert(
    fc.property(fewValues, fc.nat(40), fc.integer({ min: 1, max: 3 }), (numbers, first, rank) => {
      const from = Math.min(first, numbers.length);
      const earlier = new EarlierValues(Float64Array.from(numbers), from);
      for (let i = numbers.length - 1; i >= from; i--) {
        const window = SortedWindow.of(Float64Array.from(numbers.slice(0, i)), i);
        const value = numbers[i]!;
        const place = earlier.take(i);

        expect(earlier.neighbour(place, rank)).toBe(window.neighbour(value, rank));
        if (i > 0) expect(earlier.range).toBe(window.at(i - 1) - window.at(0));
        for (const [least, most] of [
          [value - 2, value - 1],
          [value + 1, value + 2],
        ] as const)
          expect(earlier.hasBetween(place, least, most)).toBe(window.hasBetween(least, most));
      }
    }),
  );
});

test('a view that is longer than what is remembered is judged as one that is not, while nothing is forgotten', () => {
  const numbers = fc.array(fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constant(Number.NaN)), { maxLength: 60 });
  fc.assert(
    fc.property(numbers, fc.nat(60), (values, from) => {
      const options = { points: 30, rank: 2, ramp: 0.25, from };
      const known = values.filter(Number.isFinite).length;
      const more = Array.from({ length: Math.max(0, 40 - known) }, (_, i) => i);
      const short = noveltyGaps(Float64Array.from(values), options);
      const long = noveltyGaps(Float64Array.from([...values, ...more]), options);
      const firstForgotten = 31;

      const seen = values.findIndex((_, i) => values.slice(0, i + 1).filter(Number.isFinite).length === firstForgotten);
      const end = seen < 0 ? values.length : seen;
      expect([...long.relative.slice(0, end)]).toEqual([...short.relative.slice(0, end)]);
      expect([...long.lean.slice(0, end)]).toEqual([...short.lean.slice(0, end)]);
    }),
  );
});
