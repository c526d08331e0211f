import fc from 'fast-check';
import { detectors } from '../../functions/anomaly/detectors/registry';
import { flag } from '../../functions/anomaly/flag';
import type { Frame } from '../../functions/anomaly/frame';
import { judge } from '../../functions/anomaly/judge';
import { seededRandom } from '../../functions/anomaly/random';
import { frameOf, STEP_MS } from './example-frames';

const day = 288;
const runs = { numRuns: 60 };

/** CPU in whole numbers: a rhythm, noise, and blocks of another level, some of them at the end. */
const cpu = fc
  .record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    days: fc.integer({ min: 2, max: 8 }),
    base: fc.integer({ min: 25, max: 75 }),
    swing: fc.integer({ min: 0, max: 15 }),
    blocks: fc.array(
      fc.record({
        ago: fc.integer({ min: 0, max: 8 * day }),
        length: fc.integer({ min: 1, max: 60 }),
        level: fc.integer({ min: 0, max: 100 }),
      }),
      { maxLength: 6 },
    ),
    last: fc.integer({ min: 0, max: 100 }),
  })
  .map(({ seed, days, base, swing, blocks, last }) => {
    const random = seededRandom(seed);
    const length = days * day;
    const values = Array.from({ length }, (_, i) =>
      Math.round(base + swing * Math.sin((2 * Math.PI * i) / day) + 4 * (random() - 0.5)),
    );
    for (const { ago, length: points, level } of [...blocks, { ago: 4, length: 4, level: last }])
      for (let i = length - ago; i < Math.min(length, length - ago + points); i++) if (i >= 0) values[i] = level;
    return values;
  });

/** How long the alarm has been on, in points: from one that has just fired to one that is not waited for any more. */
const waited = fc.integer({ min: 0, max: 13 });

const verdictOf = (values: number[], side: 'high' | 'low', threshold?: number, points?: number) => {
  const frame = frameOf({ CPUUtilization: values });
  const now = frame.times.at(-1)! + STEP_MS;
  const firedAt = points === undefined ? undefined : now - points * STEP_MS;
  const alarm = { metrics: ['CPUUtilization'], side, threshold, firedAt, now };
  return judge(frame, frameOf({}), alarm, frame.times.at(-1)! - 36 * STEP_MS);
};

test('mirroring a series and its alarm mirrors the verdict', () => {
  fc.assert(
    fc.property(
      cpu,
      fc.integer({ min: 1, max: 99 }),
      fc.option(waited, { nil: undefined }),
      (values, threshold, on) => {
        const { verdict, score, waitSeconds } = verdictOf(values, 'high', threshold, on);
        const mirrored = verdictOf(
          values.map((value) => 100 - value),
          'low',
          100 - threshold,
          on,
        );
        expect([mirrored.verdict, mirrored.waitSeconds]).toEqual([verdict, waitSeconds]);
        if (score !== null) expect(mirrored.score).toBeCloseTo(score, 6);
      },
    ),
    runs,
  );
});

test('raising the threshold never turns a veto into an act', () => {
  fc.assert(
    fc.property(
      cpu,
      fc.integer({ min: 1, max: 98 }),
      fc.integer({ min: 1, max: 40 }),
      fc.option(waited, { nil: undefined }),
      (values, threshold, more, on) => {
        if (verdictOf(values, 'high', threshold, on).verdict !== 'veto') return;
        expect(verdictOf(values, 'high', threshold + more, on).verdict).toBe('veto');
      },
    ),
    runs,
  );
});

test('a score that has to be higher to count turns no veto into an act', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const finding = (metric: string, score: number, threshold: number) => ({
    detector: 'novelty-gap',
    score,
    threshold,
    evidence: { metric, view: 'value', value: 97, nearestNormal: 50, sentence: `${metric} is odd` },
  });
  const verdictAt = (threshold: number, scores: readonly number[], beyond: number, days: number) =>
    flag({
      alarmed: ['CPUUtilization'],
      rules: [],
      metrics: ['CPUUtilization', 'NetworkIn'].map((metric, i) => ({
        metric,
        finding: finding(metric, scores[i]!, threshold),
        usual: { extreme: 97, side: 'high', days, of: 14 },
      })),
      joint: { ...finding('NetworkIn', scores[2]!, threshold), beyond },
      threshold,
    }).verdict;
  fc.assert(
    fc.property(fc.tuple(share, share, share), share, fc.nat(14), share, share, (scores, beyond, days, low, more) => {
      if (verdictAt(low, scores, beyond, days) === 'veto')
        expect(verdictAt(low + more, scores, beyond, days)).toBe('veto');
    }),
  );
});

const cut = (frame: Frame, length: number): Frame => ({
  times: frame.times.slice(0, length),
  series: frame.series.map(({ metric, values }) => ({ metric, values: values.slice(0, length) })),
});

test.each(['novelty-gap', 'ensemble'])('a score of %s never depends on later points', (name) => {
  fc.assert(
    fc.property(cpu, cpu, fc.double({ min: 0.2, max: 0.99, noNaN: true }), (some, others, share) => {
      const length = Math.min(some.length, others.length);
      const whole = frameOf({ CPUUtilization: some.slice(0, length), NetworkIn: others.slice(0, length) });
      const seen = Math.floor(share * length);
      const { score } = detectors.get(name)!;
      const early = score(cut(whole, seen)).scores;
      expect(score(whole).scores.slice(0, seen)).toEqual(early);
    }),
    { numRuns: 20 },
  );
});

test('an act of an alarm about high values names nothing that is too low', () => {
  fc.assert(
    fc.property(cpu, (values) => {
      const { verdict, explanation } = verdictOf(values, 'high');
      if (verdict === 'act') expect(explanation).not.toMatch(/ (?:is [\d.]+ points? below|it fell by|below the)/);
    }),
    runs,
  );
});
