import { choosePlan, type PlanFacts } from '../../functions/guard/plan';

const now = new Date('2026-11-24T02:00:00Z');
const facts = (change: Partial<PlanFacts> = {}): PlanFacts => ({
  metricNames: ['CPUUtilization'],
  history: {},
  mode: 'act',
  ladderWindowMinutes: 360,
  now,
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

  test.each(['act', 'unknown'])('never widens what is done (%s)', (verdict) => {
    expect(choosePlan(facts({ score: { verdict, explanation: '' } }))).toEqual(choosePlan(facts()));
  });
});
