import { noveltyGaps } from '../../functions/anomaly/gap';
import { findJoint } from '../../functions/anomaly/joint-finding';
import { type JointOptions, scoreJointly } from '../../functions/anomaly/joint-novelty';
import { formatDistance, formatValue } from '../../functions/anomaly/metrics';
import { quantile } from '../../functions/anomaly/quantile';
import { DEFAULT_THRESHOLD } from '../../functions/anomaly/threshold';
import { frameOf } from './example-frames';

const LENGTH = 160;
const options: JointOptions = {
  views: ['value'],
  others: { block: 1000, window: 1000, shrinks: [0.5] },
  points: 100,
  rank: 1,
  ramp: 0,
  power: 0.75,
  fades: [0.5, 0.1],
};
/** Values that go round, and what each point is instead of that. */
const around = (phase: number, instead: Record<number, number> = {}) =>
  Array.from({ length: LENGTH }, (_, i) => instead[i] ?? 40 + ((i + phase) % 7));
const gapsOf = (values: number[], from = 0) =>
  noveltyGaps(Float64Array.from(values), { points: 100, rank: 1, ramp: 0, from }).relative;

/** By the definition: the logarithm of each metric's gap, in two means that fade, summed and brought between 0 and 1. */
function stateByDefinition(metrics: number[][], at: number, from = 0): number {
  const shares = metrics.map((values) => {
    const gaps = gapsOf(values, from);
    const means = options.fades.map((fade) => {
      let mean = 0;
      for (let i = from; i <= at; i++) mean += fade * (Math.log1p(Math.min(gaps[i] || 0, 1e6)) ** options.power - mean);
      return mean;
    });
    return means.reduce((sum, one) => sum + one, 0) / means.length;
  });
  return 1 - Math.exp(-shares.reduce((sum, one) => sum + one, 0) / Math.sqrt(metrics.length));
}

test.each([
  ['one metric', [around(0, { 120: 80, 130: 20 })], 0],
  ['two metrics', [around(0, { 120: 80 }), around(3, { 122: 10, 140: 90 })], 0],
  ['three metrics, from a point on', [around(0, { 90: 70, 120: 80 }), around(3), around(5, { 121: 10 })], 100],
  ['a metric that was constant before', [Array.from({ length: LENGTH }, (_, i) => (i === 120 ? 5 : 3)), around(1)], 0],
])('the state of %s is what its parts add up to', (_what, metrics, from) => {
  const frame = frameOf(Object.fromEntries(metrics.map((values, i) => [`m${i}`, values])));
  const { scores } = scoreJointly(frame, options, from);
  for (const at of [0, 60, 99, 100, 119, 120, 121, 125, 141, LENGTH - 1])
    expect(scores[at]).toBeCloseTo(at < from ? 0 : stateByDefinition(metrics, at, from), 9);
});

test('a state is known while any metric is, and unknown where all are missing', () => {
  const a = around(0, { 120: Number.NaN, 121: Number.NaN });
  const { scores, explain } = scoreJointly(frameOf({ a, b: around(2, { 120: Number.NaN }) }), options);
  expect(scores[120]).toBeNaN();
  expect(scores[121]).not.toBeNaN();
  expect(explain(120)).toBeDefined();
});

describe('the evidence of a state', () => {
  const sentenceAt = (metrics: Record<string, number[]>, at: number) =>
    scoreJointly(frameOf(metrics), options).explain(at);

  test('names the metric with the largest share, and where it was oddest within the last hour', () => {
    const found = sentenceAt({ NetworkIn: around(0), CPUUtilization: around(2, { 120: 90 }) }, 125);
    expect(found).toMatchObject({ metric: 'CPUUtilization', view: 'joint', value: 90, nearestNormal: 46 });
    expect(found!.sentence).toMatch(/^CPUUtilization 90 % is 44 points above the second nearest value of 14 days$/);
  });
  test('names nothing that is more than an hour old', () => {
    const CPUUtilization = around(2, { 120: 90 });
    expect(sentenceAt({ CPUUtilization }, 131)!.value).toBe(90);
    expect(sentenceAt({ CPUUtilization }, 132)!.value).not.toBe(90);
  });
  test('names at most two more that are out of the ordinary, and none that is hardly so', () => {
    const odd = (phase: number, value: number) => around(phase, { 120: value });
    const [CPUUtilization, NetworkIn, NetworkOut, DiskReadOps] = [odd(0, 95), odd(2, 80), odd(3, 70), odd(4, 65)];
    const also = (metrics: Record<string, number[]>) => sentenceAt(metrics, 120)!.sentence.split(', and ').slice(1);
    expect(also({ CPUUtilization, NetworkIn: around(1) })).toEqual([]);
    expect(also({ CPUUtilization, NetworkIn })).toEqual(['NetworkIn too is out of the ordinary']);
    expect(also({ NetworkOut, CPUUtilization, NetworkIn, DiskReadOps })).toEqual([
      'NetworkIn and NetworkOut too are out of the ordinary',
    ]);
  });
  test('of one metric is that of its own view', () => {
    expect(sentenceAt({ CPUUtilization: around(0, { 120: 90 }) }, 120)!.view).toBe('value');
  });
  test.each([[['value', 'change-1']], [['change-1', 'value']]])(
    'is that of the view that finds it oddest, of %j',
    (views) => {
      const saw = Array.from({ length: LENGTH }, (_, i) => 40 + Math.abs((i % 40) - 20));
      const evidenceOf = (values: number[], at: number) =>
        scoreJointly(frameOf({ CPUUtilization: values }), { ...options, views }).explain(at)!;
      const jumped = saw.map((value, i) => (i >= 120 ? 100 - value : value));
      expect(evidenceOf(jumped, 120)).toMatchObject({ view: 'change-1', value: 40 });
      const crept = saw.map((value, i) => (i >= 120 ? 60 + (i - 119) : value));
      expect(evidenceOf(crept, 135)).toMatchObject({ view: 'value' });
    },
  );
  test('is what the other metrics say, where that is odder than the metric alone', () => {
    const load = Array.from({ length: LENGTH }, (_, i) => 50 + 30 * Math.sin(i / 5) + (i % 3));
    const CPUUtilization = load.map((value, i) => (i >= 150 ? 100 - value : value));
    const NetworkIn = load.map((value, i) => 1000 * value + (i % 4));
    const others = { block: 110, window: 110, shrinks: [0.1] };
    const sides = [false, true].flatMap((isTurned) => {
      const turned = CPUUtilization.map((value) => (isTurned ? 100 - value : value));
      const { explain } = scoreJointly(frameOf({ CPUUtilization: turned, NetworkIn }), { ...options, others });
      return [150, 152, 154, 156, 158].flatMap((at) => {
        const { view, metric, value, nearestNormal, sentence } = explain(at)!;
        expect(view).toBe('joint');
        if (!sentence.includes('the other metrics say')) return [];
        const side = value > nearestNormal! ? 'above' : 'below';
        const distance = formatDistance(Math.abs(value - nearestNormal!), metric);
        expect(sentence).toContain(`${formatValue(value, metric)} is ${distance} ${side} what the other metrics say`);
        return [side];
      });
    });
    expect(sides).toContain('below');
  });
});

describe('all metrics together, when an alarm is judged', () => {
  const DAY = 288;
  const frame = (instead: Record<number, number>, length = DAY) =>
    frameOf({
      CPUUtilization: Array.from({ length }, (_, i) => instead[i] ?? 40 + 5 * Math.sin(i / 6) + ((i * 7) % 5)),
      NetworkIn: Array.from({ length }, (_, i) => 9e5 + 1e5 * Math.sin(i / 6) + ((i * 11) % 700)),
    });
  const odd = { 260: 95, 261: 96, 262: 95, 263: 97 };

  test.each(['ensemble', 'isolation-forest'] as const)(
    '%s finds what is odd from the judged stretch on',
    (detector) => {
      const found = findJoint(frame(odd), 250, undefined, detector)!;
      expect(found.detector).toBe(detector);
      expect(found.score).toBeGreaterThan(found.threshold);
      expect(found.beyond).toBeGreaterThan(0);
      expect(found.evidence.metric).toBe('CPUUtilization');
      const before = findJoint(frame(odd), 270, undefined, detector)!;
      expect(before.score).toBeLessThan(found.score);
    },
  );
  test.each(['ensemble', 'isolation-forest'] as const)('%s looks only where the alarm is', (detector) => {
    const found = findJoint(frame(odd), 250, undefined, detector)!;
    expect(findJoint(frame(odd), 250, (at) => at >= 280, detector)!.score).toBeLessThan(found.score);
    expect(findJoint(frame(odd), 250, () => false, detector)).toBeUndefined();
  });
  test.each(['ensemble', 'isolation-forest'] as const)(
    '%s says nothing of fewer than a hundred earlier points',
    (detector) => {
      expect(findJoint(frame({}), 99, undefined, detector)).toBeUndefined();
      expect(findJoint(frame({}), 160, undefined, detector)).toBeDefined();
    },
  );
  test('the ensemble is what looks where nothing else is chosen, and each has a judgement of its own', () => {
    const found = findJoint(frame(odd), 250)!;
    expect(found).toEqual(findJoint(frame(odd), 250, undefined, 'ensemble'));
    expect(found.evidence.sentence).toMatch(/^CPUUtilization 9[5-7] %/);
    const [own, reference] = (['isolation-forest', 'ml-isolation-forest'] as const).map(
      (name) => findJoint(frame(odd), 250, undefined, name)!,
    );
    expect(own!.evidence.sentence).toMatch(/^together these are rare/);
    expect(reference!.detector).toBe('ml-isolation-forest');
    expect(own!.score).not.toBe(reference!.score);
  });
  test('an anomaly is above the default threshold, and above all but one in a hundred of the states before', () => {
    const calm = findJoint(frame(odd), 250)!;
    const noisy = findJoint(frame({ ...odd, 150: 95, 151: 20, 180: 110, 181: 3, 220: 130, 221: 0 }), 250)!;
    expect(noisy.threshold).toBeGreaterThan(DEFAULT_THRESHOLD);
    expect(calm.threshold).toBeGreaterThanOrEqual(DEFAULT_THRESHOLD);
    expect(noisy.beyond).toBeLessThan(calm.beyond!);
    const { scores } = scoreJointly(frame(odd));
    const past = scores.slice(0, 250).filter(Number.isFinite);
    const highest = Math.max(...past);
    expect(calm.beyond).toBeCloseTo((calm.score - highest) / (highest - quantile(past, 0.5)), 6);
    expect(calm.score).toBe(Math.max(...scores.slice(250)));
  });
  test('a forest needs three points in a row', () => {
    expect(findJoint(frame({}, 252), 250, undefined, 'isolation-forest')).toBeUndefined();
    expect(findJoint(frame({}, 253), 250, undefined, 'isolation-forest')).toBeDefined();
    const short = findJoint(frame({ 260: 95 }), 250, undefined, 'isolation-forest')!;
    expect(short.score).toBeLessThan(findJoint(frame(odd), 250, undefined, 'isolation-forest')!.score);
  });
  test('the novelty gap, which looks at each metric alone, has nothing to say', () => {
    expect(findJoint(frame(odd), 250, undefined, 'novelty-gap')).toBeUndefined();
  });
});
