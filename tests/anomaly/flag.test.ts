import { type FlagFacts, flag } from '../../functions/anomaly/flag';
import type { MetricFinding } from '../../functions/anomaly/score';

const metric = (name: string, score: number, over: Partial<MetricFinding> = {}): MetricFinding => ({
  metric: name,
  finding: {
    detector: 'novelty-gap',
    score,
    threshold: 0.5,
    evidence: {
      metric: name,
      view: 'value',
      value: 97,
      nearestNormal: 56,
      sentence: `${name} 97 is 41 above the nearest value`,
    },
  },
  usual: { extreme: 97, side: 'high', days: 9, of: 14 },
  surge: 1,
  ...over,
});
const facts = (over: Partial<FlagFacts>): FlagFacts => ({
  alarmed: ['CPUUtilization'],
  rules: [],
  metrics: [metric('CPUUtilization', 0.1), metric('NetworkIn', 0.1), metric('NetworkOut', 0.1)],
  joint: undefined,
  threshold: 0.5,
  ...over,
});
const check = (verdict: 'failed' | 'passed' | 'unknown') => ({
  metric: 'StatusCheckFailed',
  verdict,
  value: verdict === 'unknown' ? null : Number(verdict === 'failed'),
  sentence: `the check ${verdict}`,
});

describe('an alarm on a scored metric', () => {
  test('is acted on when its metric stands out, with the sentence that says why', () => {
    const result = flag(facts({ metrics: [metric('CPUUtilization', 0.9)] }));
    expect(result).toMatchObject({ verdict: 'act', score: 0.9, metric: 'CPUUtilization', nearestNormal: 56 });
    expect(result.explanation).toBe('CPUUtilization 97 is 41 above the nearest value.');
  });
  test('is vetoed when nothing stands out and the value was reached on many days', () => {
    const result = flag(facts({}));
    expect(result.verdict).toBe('veto');
    expect(result.explanation).toBe(
      'CPUUtilization 97 % is not unusual: it was that high or higher on 9 of the last 14 days.',
    );
  });
  test('is not vetoed when the value was reached on two days only', () => {
    const rare = metric('CPUUtilization', 0.1, { usual: { extreme: 97, side: 'high', days: 2, of: 14 } });
    expect(flag(facts({ metrics: [rare] })).verdict).toBe('act');
  });
  test('is vetoed when the value was reached on three days, on the low side too', () => {
    const low = metric('CPUUtilization', 0.1, { usual: { extreme: 2, side: 'low', days: 3, of: 14 } });
    const result = flag(facts({ metrics: [low] }));
    expect(result.verdict).toBe('veto');
    expect(result.explanation).toBe(
      'CPUUtilization 2 % is not unusual: it was that low or lower on 3 of the last 14 days.',
    );
  });
  test.each([
    [{ extreme: 97, side: 'high', days: 2, of: 14 }, '97 % or more was reached on only 2 of the last 14 days'],
    [{ extreme: 2, side: 'low', days: 0, of: 9 }, '2 % or less was reached on none of the last 9 days'],
    [undefined, 'there are no earlier days to compare with'],
  ] as const)('says why it is not vetoed where what is usual is %j', (usual, why) => {
    const result = flag(facts({ metrics: [metric('CPUUtilization', 0.1, { usual })] }));
    expect(result.verdict).toBe('act');
    expect(result.explanation).toBe(`CPUUtilization shows no anomaly, but is not known to be normal either: ${why}.`);
  });
  test('is an anomaly at the threshold of its score', () => {
    expect(flag(facts({ metrics: [metric('CPUUtilization', 0.5)] })).explanation).toContain('41 above');
  });
  test('names the alarmed metric, though another stands out more', () => {
    const both = [metric('NetworkIn', 0.9), metric('CPUUtilization', 0.6)];
    expect(flag(facts({ metrics: both }))).toMatchObject({ verdict: 'act', metric: 'CPUUtilization', score: 0.6 });
  });
  test('names the one that stands out most, the first of two alike, among all that are not alarmed', () => {
    const named = (...scores: [string, number][]) =>
      flag(facts({ metrics: [metric('CPUUtilization', 0.1), ...scores.map(([name, score]) => metric(name, score))] }))
        .metric;
    expect(named(['NetworkIn', 0.6], ['DiskReadOps', 0.9], ['DiskWriteOps', 0.7])).toBe('DiskReadOps');
    expect(named(['NetworkIn', 0.9], ['DiskReadOps', 0.9])).toBe('NetworkIn');
  });
  test('is decided without the metrics that are unknown', () => {
    const unknown: MetricFinding = { metric: 'NetworkIn', unknown: 'there are no recent data points' };
    expect(flag(facts({ metrics: [metric('CPUUtilization', 0.1), unknown] })).verdict).toBe('veto');
    expect(flag(facts({ metrics: [unknown, metric('CPUUtilization', 0.9)] })).verdict).toBe('act');
  });
  test('is a wrong threshold where the metric exceeds that nearly always, whatever the score', () => {
    const sentence = 'CPUUtilization is above 5 % nearly always';
    const wrongThreshold = {
      metric: 'CPUUtilization',
      threshold: 5,
      side: 'high',
      share: 0.99,
      proposed: 60,
      sentence,
    } as const;
    const metrics = [metric('NetworkIn', 0.1), metric('CPUUtilization', 0.9)];
    expect(flag(facts({ wrongThreshold, metrics }))).toMatchObject({
      verdict: 'wrong-threshold',
      metric: 'CPUUtilization',
      explanation: 'CPUUtilization is above 5 % nearly always.',
    });
  });
  test('gives as reasons what is known of each metric, of all together and of each check', () => {
    const joint = { ...metric('NetworkIn', 0.3).finding!, detector: 'isolation-forest' };
    const unknown: MetricFinding = { metric: 'NetworkOut', unknown: 'there are no recent data points' };
    const metrics = [metric('CPUUtilization', 0.1), unknown];
    const ofMetrics = [
      'CPUUtilization 97 is 41 above the nearest value (score 0.10)',
      'NetworkOut is unknown: there are no recent data points',
    ];
    expect(flag(facts({ joint, metrics, rules: [check('passed')] })).reasons).toEqual([
      ...ofMetrics,
      'NetworkIn 97 is 41 above the nearest value (score 0.30)',
      'the check passed',
    ]);
    expect(flag(facts({ metrics })).reasons).toEqual(ofMetrics);
  });
  test('is not vetoed when another metric stands out', () => {
    const result = flag(facts({ metrics: [metric('CPUUtilization', 0.1), metric('DiskWriteBytes', 0.8)] }));
    expect(result).toMatchObject({ verdict: 'act', metric: 'DiskWriteBytes' });
  });
  describe('when only all metrics together stand out', () => {
    const joint = { ...metric('CPUUtilization', 0.7).finding!, detector: 'isolation-forest', beyond: 0.1 };
    const reachedOn = (days: number) => [
      metric('CPUUtilization', 0.1, { usual: { extreme: 97, side: 'high', days, of: 14 } }),
    ];

    test('is not vetoed while the value was reached on less than half of the days', () => {
      expect(flag(facts({ joint, metrics: reachedOn(6) }))).toMatchObject({
        verdict: 'act',
        detector: 'isolation-forest',
      });
    });
    test('is vetoed where the value is a habit and such combinations were seen before', () => {
      expect(flag(facts({ joint, metrics: reachedOn(7) })).verdict).toBe('veto');
    });
    test('is not vetoed where the value is a habit but the combination is beyond all that was seen', () => {
      expect(flag(facts({ joint: { ...joint, beyond: 0.6 }, metrics: reachedOn(14) })).verdict).toBe('act');
    });
    test('is not vetoed where the combination is beyond all by just the threshold', () => {
      expect(flag(facts({ joint: { ...joint, beyond: 0.5 }, metrics: reachedOn(14) })).verdict).toBe('act');
    });
    test('a habit is one of every alarmed metric, and of no other', () => {
      const metrics = [...reachedOn(14), metric('NetworkIn', 0.1, { usual: undefined })];
      expect(flag(facts({ joint, metrics })).verdict).toBe('veto');
      expect(flag(facts({ joint, metrics, alarmed: ['CPUUtilization', 'NetworkIn'] })).detector).toBe(
        'isolation-forest',
      );
    });
    test('a manual run says so, since it asks about no metric that could be a habit', () => {
      expect(flag(facts({ alarmed: [], joint, metrics: reachedOn(14) })).detector).toBe('isolation-forest');
    });
    test('it is not waited for, though the alarmed metric was as far out before and that ended by itself', () => {
      const before = { level: 91, side: 'high' as const, minutes: 15, longestMinutes: 60, earlier: 5, days: 5 };
      const stretches = [{ ...before, metric: 'CPUUtilization', isDaily: false, typicalMinutes: 45, isLonger: false }];
      const length = { stretches, waiting: { is: 'open' as const, minutes: 0, isBackAtThisHour: false } };
      const alone = flag(facts({ length, metrics: reachedOn(4) }));
      const together = flag(facts({ length, joint, metrics: reachedOn(4) }));

      expect([alone.verdict, alone.waitSeconds]).toEqual(['veto', 300]);
      expect([together.verdict, together.waitSeconds]).toEqual(['act', undefined]);
    });
  });
});

describe('what cannot be seen is unknown, never normal', () => {
  test('an alarmed metric that is not collected', () => {
    const result = flag(facts({ alarmed: ['QueueDepth'] }));
    expect(result).toMatchObject({ verdict: 'unknown', score: null, detector: 'none' });
    expect(result.explanation).toBe('QueueDepth is unknown: this metric is not collected.');
  });
  test('an alarmed metric without recent data, though the others are ordinary', () => {
    const blind: MetricFinding = { metric: 'CPUUtilization', unknown: 'there are no recent data points' };
    const result = flag(facts({ metrics: [blind, metric('NetworkIn', 0.1)] }));
    expect(result).toMatchObject({ verdict: 'unknown', metric: 'CPUUtilization' });
    expect(result.explanation).toContain('there are no recent data points');
  });
  test('an instance with no data at all, by hand too', () => {
    const result = flag(facts({ alarmed: [], metrics: [{ metric: 'CPUUtilization', unknown: 'all missing' }] }));
    expect(result.verdict).toBe('unknown');
    expect(result.explanation).toBe('No metric of the instance could be scored.');
  });
});

describe('outbound traffic far beyond anything seen', () => {
  const out = metric('NetworkOut', 0.9, { surge: 5 });
  test('escalates while inbound traffic is as usual, even when CPU alone would be vetoed', () => {
    const result = flag(facts({ metrics: [metric('CPUUtilization', 0.1), metric('NetworkIn', 0.1), out] }));
    expect(result).toMatchObject({ verdict: 'escalate', metric: 'NetworkOut' });
    expect(result.explanation).toContain('data may be leaving');
  });
  test('does not escalate when inbound traffic grew as well', () => {
    expect(flag(facts({ metrics: [metric('CPUUtilization', 0.1), metric('NetworkIn', 0.9), out] })).verdict).toBe(
      'act',
    );
  });
  test('does not escalate below three times the most ever seen', () => {
    const modest = metric('NetworkOut', 0.9, { surge: 2.9 });
    expect(flag(facts({ metrics: [metric('CPUUtilization', 0.1), metric('NetworkIn', 0.1), modest] })).verdict).toBe(
      'act',
    );
  });
});

describe('outbound traffic', () => {
  const cpu = metric('CPUUtilization', 0.1);
  test('of exactly three times the maximum does not escalate: it has to be over that', () => {
    const metrics = [cpu, metric('NetworkIn', 0.1), metric('NetworkOut', 0.9, { surge: 3 })];
    expect(flag(facts({ metrics })).verdict).toBe('act');
  });
  test('does not escalate while nothing is known of inbound traffic, or of outbound traffic itself', () => {
    const out = metric('NetworkOut', 0.9, { surge: 5 });
    expect(flag(facts({ metrics: [cpu, out] })).verdict).toBe('act');
    expect(flag(facts({ metrics: [cpu, metric('NetworkIn', 0.1), { metric: 'NetworkOut' }] })).verdict).toBe('veto');
  });
});

describe('a status check alarm is decided by the plain rule', () => {
  const alarmed = ['StatusCheckFailed'];
  test('only the checks that are alarmed decide, and give the reasons', () => {
    const other = { ...check('failed'), metric: 'StatusCheckFailed_System', sentence: 'the system check failed' };
    const result = flag(facts({ alarmed, rules: [other, check('passed')] }));
    expect(result).toMatchObject({ verdict: 'veto', view: 'value', reasons: ['the check passed'] });
    expect(flag(facts({ rules: [other], metrics: [metric('CPUUtilization', 0.9)] })).detector).toBe('novelty-gap');
  });
  test('a failed check is the one that is told, though another passed', () => {
    const passed = { ...check('passed'), metric: 'StatusCheckFailed_System' };
    const both = { alarmed: ['StatusCheckFailed', 'StatusCheckFailed_System'], rules: [passed, check('failed')] };
    expect(flag(facts(both))).toMatchObject({ verdict: 'act', explanation: 'the check failed.' });
  });
  test('a failed check acts though every score is ordinary', () => {
    expect(flag(facts({ alarmed, rules: [check('failed')] }))).toMatchObject({
      verdict: 'act',
      detector: 'status-rule',
      value: 1,
    });
  });
  test('a check that never failed vetoes though CPU stands out', () => {
    expect(flag(facts({ alarmed, rules: [check('passed')], metrics: [metric('CPUUtilization', 0.9)] })).verdict).toBe(
      'veto',
    );
  });
  test('a check without data is unknown', () => {
    expect(flag(facts({ alarmed, rules: [check('unknown')] })).verdict).toBe('unknown');
  });
  test('one check without data keeps another that passed from vetoing', () => {
    const other = { ...check('unknown'), metric: 'StatusCheckFailed_System' };
    const both = { alarmed: ['StatusCheckFailed', 'StatusCheckFailed_System'], rules: [check('passed'), other] };
    expect(flag(facts(both)).verdict).toBe('unknown');
  });
});

test('a run by hand is never vetoed by a score', () => {
  expect(flag(facts({ alarmed: [] }))).toMatchObject({
    verdict: 'act',
    explanation: 'Nothing is unusual; the run was started manually.',
  });
});
