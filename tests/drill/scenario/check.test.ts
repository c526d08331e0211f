import { checkResult, matchesPath } from '../../../drill/scenario/check';
import { checkProof, wentOffAt } from '../../../drill/scenario/proof';
import type { DrillResult } from '../../../drill/scenario/result';
import type { Expectation } from '../../../drill/scenario/schema';

const path = ['Read alarm', 'Stop instance', 'Watch stop', 'Watch stop', 'Start instance', 'Done'];

test.each<[string, string[], boolean]>([
  ['the path itself', path, true],
  ['anything', ['...'], true],
  ['a beginning and an end', ['Read alarm', '...', 'Done'], true],
  ['gaps that are empty', ['...', 'Read alarm', '...', 'Stop instance', '...', 'Done', '...'], true],
  ['two gaps in a row', ['Read alarm', '...', '...', 'Done'], true],
  ['a state that was never entered', ['Read alarm', '...', 'Reboot instance', '...'], false],
  ['the wrong order', ['...', 'Start instance', '...', 'Stop instance', '...'], false],
  ['an end that is not the end', ['Read alarm', '...', 'Start instance'], false],
  ['a beginning only', ['Read alarm'], false],
  ['more visits than there were', ['...', 'Watch stop', '...', 'Watch stop', '...', 'Watch stop', '...'], false],
])('a path matches %s: %p → %p', (_title, expected, matches) => {
  expect(matchesPath(expected, path)).toBe(matches);
});

test('a path that is long and does not match is refused without trying for ever', () => {
  const long = Array.from({ length: 400 }, (_unused, i) => `State ${i % 7}`);
  const expected = Array.from({ length: 12 }, () => ['...', 'State 3']).flat();

  expect(matchesPath([...expected, 'Nowhere'], long)).toBe(false);
});

const observed = (change: Partial<DrillResult> = {}) =>
  ({
    executions: [{ status: 'SUCCEEDED', path }],
    incidents: [{ outcome: 'RESOLVED', status: 'CLOSED', reason: 'The alarm is OK again.' }],
    ledger: [
      { command: 'StopInstances', effective: true },
      { command: 'StopInstances', effective: false },
    ],
    notices: [{}],
    instances: [{ state: 'running' }],
    deadLetters: [],
    violations: [],
    alarms: [
      { alarmName: 'cpu', state: 'ALARM' },
      { alarmName: 'cpu', state: 'OK' },
    ],
    ...change,
  }) as unknown as DrillResult;

test('what is not expected is not checked, except that every execution has ended and no invariant is broken', () => {
  expect(checkResult({}, observed()).map(({ what }) => what)).toEqual(['every execution ended', 'no invariant broken']);
  expect(checkResult({}, observed({ executions: [{ status: 'RUNNING' }] as never }))).toMatchObject([
    { ok: false },
    { ok: true },
  ]);
  const violations = [{ invariant: 'E', what: 'i-1 was left stopped' }] as never;
  expect(checkResult({}, observed({ violations }))).toMatchObject([
    { ok: true },
    { ok: false, actual: 'E: i-1 was left stopped' },
  ]);
});

test.each([
  [{ executions: 1 }, { executions: 2 }],
  [{ outcomes: ['RESOLVED' as const] }, { outcomes: ['ESCALATED' as const] }],
  [{ outcomes: ['RESOLVED' as const] }, { outcomes: [] }],
  [{ effects: { StopInstances: 1 } }, { effects: { StopInstances: 2 } }],
  [{ effects: { StartInstances: 0 } }, { effects: { StartInstances: 1 } }],
  [{ reason: 'OK again' }, { reason: 'still ALARM' }],
  [{ notices: 1 }, { notices: 0 }],
  [{ instanceState: 'running' as const }, { instanceState: 'stopped' as const }],
  [{ deadLetters: 0 }, { deadLetters: 1 }],
  [{ alarms: { cpu: 'OK' as const } }, { alarms: { cpu: 'ALARM' as const } }],
  [{ path: ['...', 'Done'] }, { path: ['...', 'Needs a person'] }],
])('%j holds where %j does not', (right, wrong) => {
  const failed = (expect: object) => checkResult(expect, observed()).filter(({ ok }) => !ok);

  expect(failed(right)).toEqual([]);
  expect(failed(wrong)).toHaveLength(1);
});

test('where executions race, the path is that of the first incident that ended as said', () => {
  const executions = [
    { id: 'one', status: 'SUCCEEDED', path: ['Restart'] },
    { id: 'two', status: 'SUCCEEDED', path: ['Leave it'] },
  ];
  const incidents = [
    { executionId: 'one', outcome: 'RESOLVED' },
    { executionId: 'two', outcome: 'SKIPPED' },
  ];
  const result = observed({ executions, incidents } as never);

  expect(checkResult({ path: ['Leave it'], pathOf: 'SKIPPED' }, result)).toContainEqual(
    expect.objectContaining({ what: 'path', ok: true }),
  );
  for (const pathOf of [undefined, 'RESOLVED', 'FAILED'] as const)
    expect(checkResult({ path: ['Leave it'], pathOf }, result)).toContainEqual(
      expect.objectContaining({ what: 'path', ok: false }),
    );
});

test('many incidents are checked by how many ended in which way', () => {
  const incidents = ['RESOLVED', 'SKIPPED', 'SKIPPED'].map((outcome) => ({ outcome, status: 'CLOSED' }));
  const tallyOf = (tally: Expectation['tally']) =>
    checkResult({ tally }, observed({ incidents: incidents as never })).find(({ what }) => /by outcome/.test(what));

  expect(tallyOf({ RESOLVED: 1, SKIPPED: 2, FAILED: 0 })).toMatchObject({ ok: true });
  expect(tallyOf({ RESOLVED: 1, SKIPPED: 1 })).toMatchObject({ ok: false, actual: '1 RESOLVED, 2 SKIPPED' });
  expect(tallyOf({ RESOLVED: 1 })).toMatchObject({ ok: false });
});

test('the code of the first incident is checked, and so is that there is one', () => {
  const incidents = [{ outcome: 'SKIPPED', status: 'CLOSED', code: 'protected' }] as never;
  const okOf = (given: DrillResult) =>
    checkResult({ code: 'protected' }, given)
      .filter(({ what }) => what === 'code')
      .map(({ ok }) => ok);

  expect(okOf(observed({ incidents }))).toEqual([true]);
  expect(okOf(observed({ incidents: [] }))).toEqual([false]);
});

describe('the proof of a review', () => {
  const begin = Date.parse('2026-03-02T09:00:00Z');
  const value = (index: number) => (index % 48 < 6 ? 84 : index >= 130 && index < 136 ? 98 : 24);
  const points = Array.from({ length: 288 }, (_, index) => index);
  const series = {
    alarmName: 'cpu-i-1',
    metric: 'CPUUtilization',
    periodSeconds: 300,
    threshold: 80,
    breachesAtThreshold: true,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    times: points.map((index) => begin + index * 300_000),
    values: points.map(value),
  };
  const judge = (threshold: number) =>
    checkProof([[650, 680]], 'i-1', {
      startedAt: begin,
      proofs: [{ alarmName: 'cpu-i-1', threshold, wentOffAt: wentOffAt(series, threshold) }],
    }).map(({ ok }) => ok);

  test('lets a threshold between noise and trouble pass, and no other', () => {
    expect(judge(90)).toEqual([true, true]);
    expect(judge(84)).toEqual([true, false]);
    expect(judge(99)).toEqual([false, true]);
  });

  test('fails where nothing is proposed', () => {
    expect(checkProof([[650, 680]], 'i-1', { startedAt: begin, proofs: [] }).map(({ ok }) => ok)).toEqual([
      false,
      true,
    ]);
  });
});
