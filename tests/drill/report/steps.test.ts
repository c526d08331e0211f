import { edgeKey } from '../../../drill/report/dot';
import { pathTaken, stepsOf } from '../../../drill/report/steps';
import type { HistoryEvent } from '../../../drill/stack/history';
import { call, execution, start, visit } from '../../fixtures/report';

const place = { state: 'Stop instance', stateType: 'Task' };

test('every visit of a state is a step, with its length and the calls made within it', () => {
  const one = execution();

  const steps = stepsOf(one, [call({})]);

  expect(steps.map(({ state }) => state)).toEqual(one.path);
  expect(steps[2]).toMatchObject({
    at: start + 300,
    until: start + 700,
    status: 'passed',
    calls: [{ command: 'StopInstances' }],
  });
  expect(steps.filter(({ calls }) => calls.length > 0)).toHaveLength(1);
});

test('the rounds of a wait loop are counted, and the first knows how long all of them took', () => {
  const steps = stepsOf(execution());

  expect(steps.filter(({ state }) => state === 'Watch stop').map(({ round }) => round)).toEqual([1, 2]);
  expect(steps.find(({ state }) => state === 'Watch stop')?.loop).toEqual({
    rounds: 2,
    totalMs: 100,
    until: start + 10_800,
  });
});

test('a state that is tried again and then caught is caught, with its error', () => {
  const failed = { type: 'StateFailed', ...place, error: 'ThrottledError', cause: 'slow down' } as const;
  const history: HistoryEvent[] = [
    { type: 'StateEntered', ...place, at: 0, input: {} },
    { ...failed, at: 10 },
    { type: 'StateRetried', ...place, at: 10, attempt: 1 },
    { ...failed, at: 30 },
    { type: 'StateCaught', ...place, at: 30, next: 'Close incident' },
    ...visit('Close incident', 30, 5, {}),
  ];

  const steps = stepsOf({ id: 'x', history });

  expect(steps[0]).toMatchObject({ status: 'caught', retries: 1, error: 'ThrottledError', until: 30 });
  expect(pathTaken(steps).states).toEqual(
    new Map([
      ['Stop instance', 'caught'],
      ['Close incident', 'passed'],
    ]),
  );
  expect(pathTaken(steps).moves).toContain(edgeKey('Stop instance', 'Close incident'));
});

test('a state that its execution ended in has failed with it, and one of a running execution has not ended', () => {
  const entered: HistoryEvent = { type: 'StateEntered', ...place, at: 0, input: {} };

  const timedOut = stepsOf({ id: 'x', history: [entered, { type: 'ExecutionTimedOut', at: 9 }] });
  const running = stepsOf({ id: 'x', history: [entered] });

  expect(timedOut[0]).toMatchObject({ status: 'failed', until: 9 });
  expect(running[0]).toMatchObject({ status: 'running' });
});

test('items of a Map are kept apart', () => {
  const history: HistoryEvent[] = [
    { type: 'StateEntered', ...place, index: 0, at: 0, input: {} },
    { type: 'StateEntered', ...place, index: 1, at: 1, input: {} },
    { type: 'StateExited', ...place, index: 0, at: 5, output: {} },
    { type: 'StateExited', ...place, index: 1, at: 7, output: {} },
  ];

  const steps = stepsOf({ id: 'x', history });

  expect(steps.map(({ index, until, round }) => [index, until, round])).toEqual([
    [0, 5, 1],
    [1, 7, 1],
  ]);
});
