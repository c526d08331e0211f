import { findWrongThreshold } from '../../functions/anomaly/alarm-threshold';

const HOUR = 3_600_000;
type Asked = { threshold: number; side: 'high' | 'low'; metric?: string; from?: number };

/** A value an hour. */
const find = (values: number[], { threshold, side, metric = 'CPUUtilization', from = values.length }: Asked) =>
  findWrongThreshold(
    Float64Array.from(values, (_, hour) => hour * HOUR),
    { metric, values: Float64Array.from(values) },
    from,
    { threshold, side },
  );
/** Values of which one in ten lies elsewhere, over 100 hours. */
const mostly = (value: number, elsewhere: number) =>
  Array.from({ length: 100 }, (_, i) => (i % 10 ? value : elsewhere));

test('at the threshold is beyond it, and nine tenths of the time is nearly always', () => {
  expect(find(mostly(80, 40), { threshold: 80, side: 'high' })).toMatchObject({ share: 0.9, proposed: 81 });
  expect(find(mostly(20, 60), { threshold: 20, side: 'low' })).toMatchObject({ share: 0.9, proposed: 19 });
  expect(find([...mostly(80, 40), 40], { threshold: 80, side: 'high' })).toBeUndefined();
  expect(find(mostly(80, 40), { threshold: 80.5, side: 'high' })).toBeUndefined();
});

test('the sentence says on which side, how often, and what would do', () => {
  expect(find(mostly(80, 40), { threshold: 75, side: 'high' })!.sentence).toBe(
    "CPUUtilization was at or above the alarm's threshold of 75 % in 90 % of the data points of 14 days, so this alarm cannot tell trouble from ordinary load: set its threshold to 81 %, which ordinary load hardly reaches",
  );
  expect(find(mostly(20, 60), { threshold: 25, side: 'low' })!.sentence).toContain(
    "was at or below the alarm's threshold of 25 % in 90 % of the data points",
  );
});

test('a percentage has no threshold at its ends, other metrics have one of two digits', () => {
  expect(find(mostly(99, 40), { threshold: 80, side: 'high' })!.proposed).toBeUndefined();
  expect(find(mostly(98, 40), { threshold: 80, side: 'high' })!.proposed).toBe(99);
  expect(find(mostly(1, 40), { threshold: 20, side: 'low' })!.proposed).toBeUndefined();
  expect(find(mostly(2, 40), { threshold: 20, side: 'low' })!.proposed).toBe(1);
  const bytes = { side: 'low', metric: 'NetworkIn' } as const;
  expect(find(mostly(5_120_000, 9e6), { threshold: 6e6, ...bytes })!.proposed).toBe(5_100_000);
  expect(find(mostly(0, 9e6), { threshold: 6e6, ...bytes })!.proposed).toBe(-0.1);
  expect(find(mostly(61, 40), { threshold: 50, side: 'high', metric: 'QueueDepth' })!.proposed).toBe(62);
});

test('only what is known before the judged stretch counts, and three days of it', () => {
  const values = [...Array(100).fill(80), ...Array(60).fill(10)];
  const late = values.map((value, i) => (i < 28 || i === 50 ? Number.NaN : value));
  const of = (series: number[], from: number) => find(series, { threshold: 75, side: 'high', from });
  expect([of(values, 100)?.share, of(values, 73)?.share, of(late, 101)?.share]).toEqual([1, 1, 71 / 72]);
  expect([of(values, 72), of(late, 100)]).toEqual([undefined, undefined]);
  expect(of(Array(100).fill(Number.NaN), 100)).toBeUndefined();
  expect(of([...Array(90).fill(Number.NaN), ...Array(10).fill(80)], 90)).toBeUndefined();
});
