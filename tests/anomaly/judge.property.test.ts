import fc from 'fast-check';
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

const verdictOf = (values: number[], side: 'high' | 'low', threshold?: number) => {
  const frame = frameOf({ CPUUtilization: values });
  const alarm = { metrics: ['CPUUtilization'], side, threshold };
  return judge(frame, frameOf({}), alarm, frame.times.at(-1)! - 36 * STEP_MS);
};

test('mirroring a series and its alarm mirrors the verdict', () => {
  fc.assert(
    fc.property(cpu, fc.integer({ min: 1, max: 99 }), (values, threshold) => {
      const { verdict, score } = verdictOf(values, 'high', threshold);
      const mirrored = verdictOf(
        values.map((value) => 100 - value),
        'low',
        100 - threshold,
      );
      expect(mirrored.verdict).toBe(verdict);
      if (score !== null) expect(mirrored.score).toBeCloseTo(score, 6);
    }),
    runs,
  );
});

test('raising the threshold never turns a veto into an act', () => {
  fc.assert(
    fc.property(cpu, fc.integer({ min: 1, max: 98 }), fc.integer({ min: 1, max: 40 }), (values, threshold, more) => {
      if (verdictOf(values, 'high', threshold).verdict !== 'veto') return;
      expect(verdictOf(values, 'high', threshold + more).verdict).toBe('veto');
    }),
    runs,
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
