import { choosePlan, type PlanFacts } from '../../functions/guard/plan';

const now = new Date('2026-11-24T02:00:00Z');
const facts = (change: Partial<PlanFacts> = {}): PlanFacts => ({
  metricNames: ['CPUUtilization'],
  history: {},
  mode: 'act',
  ladderWindowMinutes: 360,
  now,
  score: { verdict: 'act', explanation: 'CPU 97 % stands out.' },
  unknownScore: 'escalate',
  isAsked: false,
  ...change,
});
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();

test('a guest that fails its check is rebooted first', () => {
  expect(choosePlan(facts({ metricNames: ['StatusCheckFailed_Instance'] })).action).toBe('reboot');
});

test.each([[['CPUUtilization']], [['StatusCheckFailed_System']], [[]]])(
  '%j is answered by a stop and start',
  (metricNames) => {
    expect(choosePlan(facts({ metricNames })).action).toBe('stop-start');
  },
);

describe('a repeat inside the window goes a rung up', () => {
  test('from reboot to stop and start', () => {
    const history = { lastActionAt: minutesAgo(60), lastRung: 1 };

    expect(choosePlan(facts({ metricNames: ['StatusCheckFailed_Instance'], history })).action).toBe('stop-start');
  });

  test('from stop and start to a person', () => {
    const plan = choosePlan(facts({ history: { lastActionAt: minutesAgo(60), lastRung: 2 } }));

    expect(plan).toMatchObject({ action: 'page', conclusion: { outcome: 'ESCALATED', code: 'ladder-end' } });
  });

  test('but an old action is forgotten', () => {
    expect(choosePlan(facts({ history: { lastActionAt: minutesAgo(361), lastRung: 2 } })).action).toBe('stop-start');
  });
});

test('observe mode concludes with what it would do', () => {
  const plan = choosePlan(facts({ mode: 'observe' }));

  expect(plan.conclusion).toMatchObject({ outcome: 'OBSERVED', code: 'would-stop-start' });
});

describe('a score', () => {
  test('may veto', () => {
    const score = { verdict: 'veto', explanation: 'CPU 91 % is ordinary for this hour.' };

    expect(choosePlan(facts({ score })).conclusion).toMatchObject({
      outcome: 'SKIPPED',
      code: 'score-veto',
      reason: score.explanation,
    });
  });

  test('may escalate', () => {
    const score = { verdict: 'escalate', explanation: 'Never seen together.' };

    expect(choosePlan(facts({ score })).conclusion?.outcome).toBe('ESCALATED');
  });

  test('that knows nothing calls a person, unless the stage says that the alarm is enough', () => {
    const score = { verdict: 'unknown', explanation: 'No data.' };

    expect(choosePlan(facts({ score })).conclusion).toMatchObject({ outcome: 'ESCALATED', code: 'score-unknown' });
    expect(choosePlan(facts({ score, unknownScore: 'act' })).action).toBe('stop-start');
  });

  test('of a kind that is not known is taken as knowing nothing', () => {
    expect(choosePlan(facts({ score: { verdict: 'fine', explanation: '' } })).conclusion?.code).toBe('score-unknown');
  });

  test('may skip for a wrong threshold, unless a person asked', () => {
    const score = { verdict: 'wrong-threshold', explanation: 'Set its threshold to 95 %.' };
    expect(choosePlan(facts({ score })).conclusion).toEqual({
      outcome: 'SKIPPED',
      code: 'wrong-threshold',
      reason: 'Set its threshold to 95 %.',
    });
    expect(choosePlan(facts({ score, isAsked: true })).action).toBe('stop-start');
  });
  test('does not veto what a person asked for, but may still escalate it', () => {
    const veto = { verdict: 'veto', explanation: 'Ordinary.' };
    const escalate = { verdict: 'escalate', explanation: 'Never seen together.' };

    expect(choosePlan(facts({ score: veto, isAsked: true })).action).toBe('stop-start');
    expect(choosePlan(facts({ score: escalate, isAsked: true })).conclusion?.outcome).toBe('ESCALATED');
  });

  test('never widens what is done', () => {
    const history = { lastActionAt: minutesAgo(60), lastRung: 2 };

    expect(choosePlan(facts({ history })).action).toBe('page');
  });
});
