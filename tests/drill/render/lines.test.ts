import { duration } from '../../../drill/render/duration';
import { headLines, progressLine, resultLines } from '../../../drill/render/lines';
import { plainPaint } from '../../../drill/render/paint';
import { tellStory } from '../../../drill/render/story';
import type { DrillResult, ExecutionResult } from '../../../drill/scenario/result';
import type { HistoryEvent } from '../../../drill/stack/history';

const t = (seconds: number) => Date.parse('2026-03-02T09:00:00Z') + seconds * 1000;
const entered = (state: string, at: number): HistoryEvent => ({
  type: 'StateEntered',
  at: t(at),
  state,
  stateType: 'Task',
  input: {},
});
const exited = (state: string, at: number): HistoryEvent => ({
  type: 'StateExited',
  at: t(at),
  state,
  stateType: 'Task',
  output: {},
});

const execution = {
  id: 'execution-1',
  name: 'one',
  machine: 'restart-instance',
  status: 'SUCCEEDED',
  history: [
    entered('Stop instance', 0),
    exited('Stop instance', 1),
    ...[10, 20, 30].flatMap((at) => [
      entered('Watch stop', at),
      exited('Watch stop', at + 1),
      entered('Is it stopped?', at + 1),
      exited('Is it stopped?', at + 1),
    ]),
    entered('Start instance', 40),
    {
      type: 'StateFailed',
      at: t(41),
      state: 'Start instance',
      stateType: 'Task',
      error: 'InsufficientCapacityError',
      cause: '',
    },
    exited('Start instance', 42),
  ],
  path: [],
} as unknown as ExecutionResult;

const call = (command: string, stateName: string, at: number, effective = true, service = 'ec2') => ({
  command,
  effective,
  service,
  at: t(at),
  resources: ['i-1'],
  caller: { executionId: 'execution-1', stateName },
});

const result = {
  scenario: { name: 'x' },
  startedAt: t(0),
  endedAt: t(60),
  executions: [execution],
  alarms: [{ alarmName: 'cpu-high', state: 'ALARM', at: t(0), reason: '' }],
  ledger: [
    call('StopInstances', 'Stop instance', 0),
    call('DescribeInstances', 'Watch stop', 10, false),
    call('PutItem', 'Stop instance', 0, true, 'dynamodb'),
  ],
  incidents: [
    {
      incidentId: 'inc-1',
      outcome: 'RESOLVED',
      status: 'CLOSED',
      reason: 'All is well.',
      openedAt: '',
      timeline: [{ key: 'closed', at: '2026-03-02T09:00:59.000Z', what: 'RESOLVED: All is well.' }],
    },
  ],
  checks: [{ what: 'executions', ok: true, expected: '1', actual: '1' }],
  ok: true,
} as unknown as DrillResult;

test('a wait loop is one line that counts its rounds, and every state is named', () => {
  const story = tellStory(execution, result.ledger);

  expect(story.map(({ state, visits }) => [state, visits])).toEqual([
    ['Stop instance', 1],
    ['Watch stop', 3],
    ['Is it stopped?', 3],
    ['Start instance', 1],
  ]);
  expect(story.at(-1)?.failed).toBe('InsufficientCapacityError');
});

test('only what really changed the cloud stands below its state', () => {
  const story = tellStory(execution, result.ledger);

  expect(story.flatMap(({ changes }) => changes)).toEqual(['ec2 StopInstances i-1']);
});

test('the result reads from alarm to verdict', () => {
  const text = resultLines(result, plainPaint).join('\n');

  expect(text).toContain('09:00:00  ALARM  cpu-high');
  expect(text).toContain('09:00:10  Watch stop × 3, 21 s');
  expect(text).toContain('RESOLVED  All is well.');
  expect(text).toContain('09:00:59  RESOLVED: All is well.');
  expect(text).toContain('✔ As expected (1 check).');
});

test('of several executions each line says whose it is, and an incident elsewhere says where', () => {
  const other = { ...execution, id: 'execution-2', machine: 'isolate-instance', startedAt: t(0), history: [] };
  const incidents = [{ ...result.incidents[0]!, place: { account: '210987654321', region: 'us-east-1' } }];
  const executions = [{ ...execution, startedAt: t(0) }, other];
  const short = { ...result, incidents, executions } as unknown as DrillResult;

  const text = resultLines(short, plainPaint, false).join('\n');

  expect(text).toContain('[1] restart-instance');
  expect(text).toContain('[1] → Stop instance: StopInstances i-1');
  expect(text).toContain('[2] isolate-instance');
  expect(text).toContain('inc-1 · account 210987654321');
});

test('what did not come as expected is said with both sides', () => {
  const checks = [{ what: 'notices', ok: false, expected: '1', actual: '0' }];

  const text = resultLines({ ...result, checks, ok: false }, plainPaint).join('\n');

  expect(text).toContain('✗ Not as expected: 1 of 1 check failed.\n  notices: expected 1, got 0');
});

test('a drill over several days writes the day', () => {
  const text = resultLines({ ...result, endedAt: t(3 * 86_400) }, plainPaint).join('\n');

  expect(text).toContain('2026-03-02 09:00:10  Watch stop');
});

test('a drill in which nothing happened says so', () => {
  const text = resultLines({ ...result, alarms: [], executions: [], incidents: [] }, plainPaint).join('\n');

  expect(text).toContain('No alarm fired.');
});

test('the head says what it is about and that times are simulated', () => {
  const text = headLines({ name: 'x', story: 'A story.', mode: 'act', stage: 'dev' }, plainPaint).join('\n');

  expect(text).toMatch(/^x\nA story\.\nstage dev, mode act; times are simulated, UTC/);
});

test.each([
  [entered('Stop instance', 0), '09:00:00  Stop instance'],
  [
    { type: 'StateRetried', at: t(1), state: 'Look', stateType: 'Task', attempt: 1 } as HistoryEvent,
    '09:00:01  ↻ Look, try 2',
  ],
  [exited('Stop instance', 0), undefined],
])('progress of %j is %p', (event, line) => {
  expect(progressLine(event, plainPaint)).toBe(line);
});

test.each([
  [1000, '1 s'],
  [76_000, '1 m 16 s'],
  [3_600_000 + 5 * 60_000, '1 h 5 m'],
])('%p ms read %p', (ms, text) => {
  expect(duration(ms)).toBe(text);
});
