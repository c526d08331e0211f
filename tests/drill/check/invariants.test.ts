import type { CallFact, ExecutionFact, RunFacts } from '../../../drill/check/facts';
import { checkInvariants } from '../../../drill/check/invariants';

const minute = 60_000;
const execution = (id: string, change: Partial<ExecutionFact> = {}): ExecutionFact => ({
  id,
  machine: 'restart-instance',
  status: 'SUCCEEDED',
  startedAt: 0,
  endedAt: 10 * minute,
  path: [
    { state: 'Read alarm', at: 0 },
    { state: 'Plan action', at: minute },
    { state: 'Done', at: 10 * minute },
  ],
  ...change,
});
const call = (command: string, by: string, at: number, change: Partial<CallFact> = {}): CallFact => ({
  seq: at,
  at,
  service: 'ec2',
  command,
  input: {},
  caller: { functionName: 'f', executionId: by, stateName: 's' },
  result: 'ok',
  mutating: true,
  effective: true,
  resources: ['i-1'],
  ...change,
});
const record = (executionId: string, change: Record<string, unknown> = {}) => ({
  sk: 'RECORD',
  executionId,
  incidentId: `inc-${executionId}`,
  trigger: 'alarm',
  status: 'CLOSED',
  outcome: 'RESOLVED',
  reason: 'After the stop and start the alarm is OK.',
  noticeSentAt: '2026-11-24T02:10:00.000Z',
  ...change,
});

/** A good run: one execution stops and starts one instance and says so. */
const goodRun = (): RunFacts => ({
  calls: [call('StopInstances', 'e1', 2 * minute), call('StartInstances', 'e1', 4 * minute)],
  executions: [execution('e1')],
  items: [record('e1')],
  notices: [],
  instances: [{ instanceId: 'i-1', state: 'running', isEligibleAt: () => true }],
  ceilings: new Map([['restart-instance', 3600]]),
  logs: ['{"level":"INFO"}'],
  planted: ['$(reboot)'],
  breaker: { limit: 2, windowMs: 30 * minute },
});

const broken = (facts: RunFacts) => [...new Set(checkInvariants(facts).map(({ invariant }) => invariant))];

test('a good run breaks nothing', () => {
  expect(checkInvariants(goodRun())).toEqual([]);
});

test('A: a second effective stop is seen, an ineffective one is none', () => {
  const run = goodRun();

  expect(broken({ ...run, calls: [...run.calls, call('StopInstances', 'e1', 3 * minute)] })).toEqual(['A']);
  expect(
    broken({ ...run, calls: [...run.calls, call('StopInstances', 'e1', 3 * minute, { effective: false })] }),
  ).toEqual([]);
});

test('B: a change to an instance that lost its tag is seen', () => {
  const instances = [{ instanceId: 'i-1', state: 'running', isEligibleAt: (at: number) => at < 3 * minute }];

  expect(broken({ ...goodRun(), instances })).toEqual(['B']);
});

test.each<[string, Record<string, unknown>[]]>([
  ['no record', []],
  ['two records', [record('e1'), record('e1', { incidentId: 'inc-2' })]],
  ['an open record', [record('e1', { status: 'OPEN' })]],
  ['a reason that nobody understands', [record('e1', { reason: 'err' })]],
])('C: %s is seen', (_what, items) => {
  expect(broken({ ...goodRun(), items })).toEqual(['C']);
});

test('C: a second delivery owns no record', () => {
  const twin = execution('e2', { path: [{ state: 'Already handled', at: 1 }] });

  expect(broken({ ...goodRun(), executions: [execution('e1'), twin] })).toEqual([]);
});

test('D: two incidents that change one instance in turns are seen', () => {
  const calls = [call('StopInstances', 'e1', 2), call('RebootInstances', 'e2', 3), call('StartInstances', 'e1', 4)];

  expect(
    broken({
      ...goodRun(),
      calls,
      executions: [execution('e1'), execution('e2')],
      items: [record('e1'), record('e2')],
    }),
  ).toEqual(['D']);
});

describe('E: an instance that we left stopped', () => {
  const left = (change: Record<string, unknown>): RunFacts => ({
    ...goodRun(),
    calls: [call('StopInstances', 'e1', 2 * minute)],
    items: [record('e1', change)],
    instances: [{ instanceId: 'i-1', state: 'stopped', isEligibleAt: () => true }],
  });

  test('needs an escalation', () => expect(broken(left({}))).toEqual(['E']));
  test('needs a page', () => expect(broken(left({ outcome: 'ESCALATED', noticeSentAt: undefined }))).toEqual(['E']));
  test('is told when the notice is sent', () => expect(broken(left({ outcome: 'ESCALATED' }))).toEqual([]));
  test('is told when the notice is due', () => {
    expect(broken(left({ outcome: 'ESCALATED', noticeSentAt: undefined, noticeState: 'PENDING' }))).toEqual([]);
  });
});

test('G: planted input and lines that are no JSON are seen', () => {
  expect(broken({ ...goodRun(), logs: ['{"name":"$(reboot)"}'] })).toEqual(['G']);
  expect(broken({ ...goodRun(), logs: ['plain text'] })).toEqual(['G']);
});

test('H: an execution that has not ended, or too late, is seen', () => {
  expect(broken({ ...goodRun(), executions: [execution('e1', { endedAt: undefined })] })).toEqual(['H']);
  expect(broken({ ...goodRun(), executions: [execution('e1', { endedAt: 61 * minute })] })).toEqual(['H']);
});

test('K: more incidents than the breaker allows within a window are seen', () => {
  const ids = ['e1', 'e2', 'e3'];
  const calls = ids.map((id, index) => call('RebootInstances', id, index, { resources: [`i-${index}`] }));
  const run = { ...goodRun(), calls, executions: ids.map((id) => execution(id)), items: ids.map((id) => record(id)) };

  expect(broken(run)).toEqual(['K']);
});
