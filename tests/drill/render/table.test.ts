import { plainPaint } from '../../../drill/render/paint';
import { tableLines } from '../../../drill/render/table';
import type { DrillResult } from '../../../drill/scenario/result';

const result = (name: string, change: Record<string, unknown> = {}) =>
  ({
    scenario: { name },
    startedAt: 0,
    endedAt: 90_000,
    executions: [{}, {}],
    incidents: [{ outcome: 'RESOLVED' }, { outcome: 'RESOLVED' }, { outcome: 'SKIPPED' }],
    checks: [{ what: 'notices', ok: true, expected: '1', actual: '1' }],
    ok: true,
    ...change,
  }) as unknown as DrillResult;

test('every scenario has a line with how its incidents ended, aligned, and the verdict comes last', () => {
  const results = [result('a-long-name'), result('short', { incidents: [] })];
  const lines = tableLines(results, new Map([['a-long-name', 61_000]]), plainPaint);

  expect(lines).toEqual([
    '  scenario     ends               executions  simulated     took',
    '✔ a-long-name  RESOLVED, SKIPPED           2   1 m 30 s  1 m 1 s',
    '✔ short        no incident                 2   1 m 30 s      0 s',
    '',
    '✔ 2 of 2 scenarios as expected.',
  ]);
});

test('what was not as expected stands below its scenario', () => {
  const wrong = { checks: [{ what: 'notices', ok: false, expected: '1', actual: '2' }], ok: false };
  const lines = tableLines([result('a'), result('b', wrong)], new Map(), plainPaint);

  expect(lines.slice(2)).toEqual([
    expect.stringMatching(/^✗ b /),
    '    notices: expected 1, got 2',
    '',
    '✗ 1 of 2 scenarios as expected.',
  ]);
});
