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

test('a wait that looked once says how long it was', () => {
  const wait = [
    { type: 'StateEntered', at: start, state: 'Wait for snapshots', stateType: 'Wait', input: {} },
    { type: 'StateExited', at: start + 30_000, state: 'Wait for snapshots', stateType: 'Wait', output: {} },
  ] as ReturnType<typeof execution>['history'];

  expect(beatsOf({ id: 'x', history: wait }, [])).toMatchObject([
    { kind: 'waited', text: 'waited for snapshots: 30 s' },
  ]);
});
