import { choosePlan, type PlanFacts, rungOf } from '../../functions/guard/plan';

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

test('a full disk is told, whatever the score, the mode or the ladder say; with another metric it is a matter of both', () => {
  const full = { metricNames: ['disk_used_percent'] };

  for (const change of [
    {},
    { mode: 'observe' as const },
    { score: { verdict: 'veto', explanation: 'x' } },
    { isAsked: true },
  ])
    expect(choosePlan(facts({ ...full, ...change }))).toMatchObject({
      action: 'page',
      conclusion: { outcome: 'ESCALATED', code: 'disk-full' },
    });
  expect(choosePlan(facts({ metricNames: ['disk_used_percent', 'CPUUtilization'] })).action).toBe('stop-start');
});

test.each([
  ['mem_used_percent', 'memory-full', 'memory-used'],
  ['procstat_lookup_pid_count', 'process-missing', 'process-missing'],
])(
  '%s is told, unless the group of the instance says that a restart helps: then a reboot is tried first',
  (metric, code, kind) => {
    const group = { [kind]: { told: false as const } };
    const plan = (change: Partial<PlanFacts>) => choosePlan(facts({ metricNames: [metric], ...change }));

    expect(plan({})).toMatchObject({ action: 'page', conclusion: { outcome: 'ESCALATED', code } });
    expect(plan({ group: { 'cpu-high': { watched: false } } })).toMatchObject({ conclusion: { code } });
    expect(plan({ group }).action).toBe('reboot');
    expect(plan({ group, score: { verdict: 'unknown', explanation: 'x' } })).toMatchObject({
      conclusion: { code: 'score-unknown' },
    });
    expect(plan({ group, history: { lastActionAt: minutesAgo(60), lastRung: 1 } }).action).toBe('stop-start');
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

test('the ladder has three rungs', () => {
  expect((['reboot', 'stop-start', 'page'] as const).map(rungOf)).toEqual([1, 2, 3]);
});

describe('a reason', () => {
  const rebooting = { metricNames: ['StatusCheckFailed_Instance'] };

  test('says what is done, and that it is the first rung', () => {
    expect(choosePlan(facts(rebooting)).reason).toMatch(/ reboot .*first rung/);
    expect(choosePlan(facts()).reason).toMatch(/ stop and start .*first rung/);
  });

  test('says when automation last acted, and on which rung', () => {
    const at = minutesAgo(60);

    expect(choosePlan(facts({ ...rebooting, history: { lastActionAt: at, lastRung: 1 } })).reason).toMatch(
      new RegExp(` stop and start .*${at} .*rung 1`),
    );
    expect(choosePlan(facts({ history: { lastActionAt: at, lastRung: 2 } })).conclusion?.reason).toMatch(
      new RegExp(`${at} .*rung 2`),
    );
  });

  test('in observe mode says what would have been done, for either action', () => {
    expect(choosePlan(facts({ mode: 'observe', ...rebooting }))).toMatchObject({
      reason: expect.stringMatching(/^Observe mode.* reboot /),
      conclusion: { code: 'would-reboot', reason: expect.stringMatching(/^Observe mode.* reboot /) },
    });
    expect(choosePlan(facts({ mode: 'observe' })).reason).toMatch(/^Observe mode.* stop and start /);
  });

  test('to call a person is the score’s own, with the code of what it says', () => {
    const score = { verdict: 'escalate', explanation: 'Never seen together.' };
    const unknown = { verdict: 'unknown', explanation: 'No data.' };

    expect(choosePlan(facts({ score }))).toEqual({
      action: 'page',
      reason: score.explanation,
      conclusion: { outcome: 'ESCALATED', code: 'score-escalates', reason: score.explanation },
    });
    expect(choosePlan(facts({ score: unknown })).reason).toContain('No data.');
  });
});

test('a plan that acts has no conclusion', () => {
  expect(choosePlan(facts()).conclusion).toBeUndefined();
});

test('an action is forgotten once its window is over, to the minute, and without one there is no repeat', () => {
  const history = { lastActionAt: minutesAgo(360), lastRung: 2 };

  expect(choosePlan(facts({ history })).action).toBe('stop-start');
  expect(choosePlan(facts({ history: { ...history, lastActionAt: minutesAgo(359) } })).action).toBe('page');
  expect(choosePlan(facts({ history: { lastRung: 2 } })).action).toBe('stop-start');
});

test('a verdict that nobody knows is no leave to act, also where an unknown score is', () => {
  expect(choosePlan(facts({ score: { verdict: 'fine', explanation: '' }, unknownScore: 'act' })).conclusion?.code).toBe(
    'score-unknown',
  );
});

describe('a score that asks to look again', () => {
  const score = { verdict: 'veto', explanation: 'CPU 97 % was so before.', waitSeconds: 300 };

  test('is waited for: nothing is done, and nothing is concluded', () => {
    const plan = choosePlan(facts({ score }));

    expect(plan).toMatchObject({ action: 'watch', waitSeconds: 300 });
    expect(plan.conclusion).toBeUndefined();
    expect(plan.reason).toMatch(/^CPU 97 % was so before\. It may end by itself/);
  });

  test('is not waited for where a person asked', () => {
    expect(choosePlan(facts({ score, isAsked: true })).action).toBe('stop-start');
  });
});
