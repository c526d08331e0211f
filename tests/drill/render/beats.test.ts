import { beatsOf } from '../../../drill/render/beats';
import { call, execution, start, visit } from '../../fixtures/report';

test('what passed is one beat, each wait is one with its looks, and each change is told by itself', () => {
  const ledger = [
    call({}),
    call({
      command: 'StartInstances',
      at: start + 10_900,
      caller: { ...call({}).caller!, stateName: 'Start instance' },
    }),
  ];

  expect(beatsOf(execution(), ledger).map(({ kind, text }) => [kind, text])).toEqual([
    ['passed', '2 steps passed: Read alarm … Score metrics'],
    ['changed', 'Stop instance: StopInstances i-0123456789abcdef0'],
    ['waited', 'waited for stop: 2 looks, 10 s'],
    ['changed', 'Start instance: StartInstances i-0123456789abcdef0'],
  ]);
});

test('a failure is told, a notice is one, and choices tell nothing', () => {
  const history = [
    ...visit('Is it new?', start, 0, {}),
    { type: 'StateEntered', at: start, state: 'Stop instance', stateType: 'Task', input: {} },
    { type: 'StateFailed', at: start, state: 'Stop instance', stateType: 'Task', error: 'ThrottledError', cause: '' },
    ...visit('Send notice', start, 1, {}),
  ] as ReturnType<typeof execution>['history'];
  const told = call({ service: 'sns', command: 'Publish', caller: { ...call({}).caller!, stateName: 'Send notice' } });

  expect(beatsOf({ id: told.caller!.executionId, history }, [told]).map(({ kind, text }) => [kind, text])).toEqual([
    ['failed', 'Stop instance: ThrottledError'],
    ['told', 'Send notice'],
  ]);
});

test.each([
  ['once', 1, 'once'],
  ['twice', 2, '2 times'],
])('what a retry got over is no failure, though it failed %s', (_how, failures, times) => {
  const state = { at: start, state: 'Stop instance', stateType: 'Task' };
  const failed = [
    { type: 'StateFailed', ...state, error: 'NotVerifiedError', cause: '' },
    { type: 'StateRetried', ...state, attempt: 1 },
  ];
  const history = [
    { type: 'StateEntered', ...state, input: {} },
    ...Array(failures).fill(failed).flat(),
    { type: 'StateExited', ...state, output: {} },
  ] as ReturnType<typeof execution>['history'];
  const tried = `(tried again ${times} after NotVerifiedError)`;

  expect(beatsOf({ id: 'x', history }, [])).toMatchObject([{ kind: 'passed', text: `Stop instance ${tried}` }]);
  const changed = beatsOf({ id: call({}).caller!.executionId, history }, [call({})]);
  expect(changed).toMatchObject([
    { kind: 'changed', text: `Stop instance: StopInstances i-0123456789abcdef0 ${tried}` },
  ]);
  const ended = [...history.slice(0, -1), { type: 'StateFailed', ...state, error: 'NotVerifiedError', cause: '' }];
  expect(beatsOf({ id: 'x', history: ended as typeof history }, [])).toMatchObject([
    { kind: 'failed', text: `Stop instance: NotVerifiedError ${tried}` },
  ]);
});

test('a wait that looked once says how long it was', () => {
  const wait = [
    { type: 'StateEntered', at: start, state: 'Wait for snapshots', stateType: 'Wait', input: {} },
    { type: 'StateExited', at: start + 30_000, state: 'Wait for snapshots', stateType: 'Wait', output: {} },
  ] as ReturnType<typeof execution>['history'];

  expect(beatsOf({ id: 'x', history: wait }, [])).toMatchObject([
    { kind: 'waited', text: 'waited for snapshots: 30 s' },
  ]);
});
