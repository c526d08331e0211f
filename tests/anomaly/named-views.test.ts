import { namedViews } from '../../functions/anomaly/named-views';

const sentenceOf = (view: string, value: number, seen: number, nearest: number) =>
  namedViews.get(view)!.explain({ metric: 'CPUUtilization', value, seen, nearest });

test.each([
  ['value', 97, 97, 60, '97 % is 37 points above'],
  ['value', 3, 3, 20, '3 % is 17 points below'],
  ['median-48', 97, 40, 10, '97 % is 30 points above'],
  ['median-48', 3, -40, -10, '3 % is 30 points below'],
  ['mean-12', 97, 80, 60, 'the mean of the last 12 values, 80 %, is 20 points above the second nearest'],
  ['mean-12', 3, 20, 60, 'is 40 points below the second nearest'],
  ['same-time', 97, 30, 5, '97 % is 30 points above anything seen at this time'],
  ['same-time', 3, -30, -5, '3 % is 30 points below anything seen at this time'],
  ['change-1', 97, 50, 8, 'it rose by 50 points at once, where the second nearest change of 14 days is a rise by 8'],
  ['change-1', 3, -50, -8, 'it fell by 50 points at once, where the second nearest change of 14 days is a fall by 8'],
  ['change-1', 97, 50, -8, 'it rose by 50 points at once, where the second nearest change of 14 days is a fall by 8'],
  ['span-48', 97, Math.log(60), Math.log(8), 'it moved over 60 points in the last 48 values'],
])('%s of %d, seen as %d where %d is nearest, is told with its side', (view, value, seen, nearest, words) => {
  expect(sentenceOf(view, value, seen, nearest).sentence).toContain(words);
});

test.each([
  ['value', 97, 97, 60, 60],
  ['median-48', 97, 40, 10, 67],
  ['mean-12', 97, 80, 60, 60],
  ['same-time', 97, 30, 5, 72],
  ['change-1', 97, 50, 8, 55],
])('%s of %d, seen as %d where %d is nearest, would be normal at %d', (view, value, seen, nearest, normal) => {
  expect(sentenceOf(view, value, seen, nearest).nearestNormal).toBeCloseTo(normal, 9);
});

test('a view with nothing between it and the nearest is told as above: the sides do not leave a gap', () => {
  expect(sentenceOf('value', 60, 60, 60).sentence).toContain('0 points above');
});
