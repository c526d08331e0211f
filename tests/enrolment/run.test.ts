import { describeRun, judgeRun, noticeOf } from '../../functions/enrolment/run';

const startedAt = new Date('2026-11-24T02:00:00Z');
const after = (seconds: number) => new Date(startedAt.getTime() + seconds * 1000);
const round = (put: number, left: number, problems: string[] = []) => ({
  instances: 10,
  alarms: 40,
  applied: { put, removed: 0, left },
  problems,
});

test('a run goes on while changes are left, and adds up', () => {
  const first = judgeRun(round(450, 3550), undefined, startedAt, after(180), 9000);
  const second = judgeRun(round(450, 0), first, after(185), after(365), 9000);

  expect(first.verdict).toBe('MORE');
  expect(second).toMatchObject({ verdict: 'DONE', put: 900, attempt: 2, since: startedAt.toISOString() });
});

test('a run has a ceiling', () => {
  expect(judgeRun(round(0, 5), undefined, startedAt, after(9000), 9000).verdict).toBe('OVERDUE');
});

test('a run that found nothing to do says nothing', () => {
  expect(describeRun(judgeRun(round(0, 0), undefined, startedAt, after(1), 9000), 'dev')).toBeUndefined();
});

test('drift and unusable tags are told', () => {
  const told = describeRun(judgeRun(round(3, 0, ['i-1: bad tag']), undefined, startedAt, after(1), 9000), 'dev');

  expect(told?.text).toContain('created or corrected 3 alarms');
  expect(told?.text).toContain('- i-1: bad tag');
});

test('a thousand unusable tags are counted, not listed', () => {
  const problems = Array.from({ length: 1000 }, (_, i) => `i-${i}: bad`);
  const told = describeRun(judgeRun(round(0, 0, problems), undefined, startedAt, after(1), 9000), 'dev');

  expect(told?.text).toContain('and 980 more');
});

describe('the notice of a run', () => {
  const drift = round(3, 0);
  const runOf = (one: ReturnType<typeof round>, seconds: number) =>
    judgeRun(one, undefined, startedAt, after(seconds), 9000);

  test('is there when drift was found and is to be told', () => {
    expect(noticeOf(runOf(drift, 1), true, 'dev')).toMatchObject({
      severity: 'info',
      subject: expect.stringContaining('3 alarms set'),
    });
  });

  test.each([
    ['drift that is not to be told', drift, false],
    ['no drift', round(0, 0), true],
    ['a run that goes on', round(3, 5), true],
  ])('is not there for %s', (_what, one, report) => {
    expect(noticeOf(runOf(one, 1), report, 'dev')).toBeUndefined();
  });

  test('of a run that could not finish is there in any case, for a person to look at', () => {
    expect(noticeOf(runOf(round(3, 5), 9000), false, 'dev')).toMatchObject({ severity: 'look' });
  });
});
