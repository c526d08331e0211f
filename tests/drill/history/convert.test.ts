import { fromAwsHistory } from '../../../drill/history/convert';
import { type AwsEvent, parseHistory } from '../../../drill/history/read';
import { comparePaths, foldedPath, isSame } from '../../../drill/replay/compare';
import { stepsOf } from '../../../drill/report/steps';
import { asAwsExport } from '../../fixtures/aws-history';
import { execution, visit } from '../../fixtures/report';

const events = (list: object[]): AwsEvent[] =>
  parseHistory(
    JSON.stringify({
      events: list.map((event, i) => ({ id: i + 1, previousEventId: i, timestamp: 1_772_442_000 + i, ...event })),
    }),
    'h.json',
  ).events;
const started = { type: 'ExecutionStarted', executionStartedEventDetails: { input: '{}' } };
const entered = (name: string, type = 'Task') => ({
  type: `${type}StateEntered`,
  stateEnteredEventDetails: { name, input: '{}' },
});
const exited = (name: string, type = 'Task') => ({
  type: `${type}StateExited`,
  stateExitedEventDetails: { name, output: '{"a":1}' },
});

test('what Step Functions records is brought back to what happened', () => {
  const { history } = execution();

  expect(fromAwsHistory(parseHistory(JSON.stringify(asAwsExport(history)), 'h.json').events)).toEqual(history);
});

test.each([
  ['a Lambda task', 'LambdaFunctionScheduled', 'LambdaFunctionFailed', 'lambdaFunctionFailedEventDetails'],
  ['an optimised integration', 'TaskScheduled', 'TaskFailed', 'taskFailedEventDetails'],
])('a try of %s that fails and is made again is a retry', (_title, scheduled, failed, details) => {
  const history = fromAwsHistory(
    events([
      started,
      entered('Stop instance'),
      { type: scheduled },
      { type: failed, [details]: { error: 'ThrottledError', cause: 'slow' } },
      { type: scheduled },
      exited('Stop instance'),
    ]),
  );

  expect(stepsOf({ id: '', history })).toMatchObject([
    { state: 'Stop instance', status: 'passed', retries: 1, error: 'ThrottledError' },
  ]);
});

test('a failure that a Catch took leads on from the state', () => {
  const history = fromAwsHistory(
    events([
      started,
      entered('Stop instance'),
      { type: 'TaskScheduled' },
      { type: 'TaskTimedOut', taskTimedOutEventDetails: { cause: 'too slow' } },
      exited('Stop instance'),
      entered('Close incident'),
    ]),
  );

  expect(history).toContainEqual(
    expect.objectContaining({ type: 'StateCaught', state: 'Stop instance', next: 'Close incident' }),
  );
  expect(history).toContainEqual(
    expect.objectContaining({ type: 'StateFailed', error: 'States.Timeout', cause: 'too slow' }),
  );
});

test('items of a Map that run side by side keep their index', () => {
  const history = fromAwsHistory(
    events([
      started,
      entered('Each', 'Map'),
      { type: 'MapStateStarted' },
      { type: 'MapIterationStarted', previousEventId: 3, mapIterationStartedEventDetails: { name: 'Each', index: 0 } },
      { type: 'MapIterationStarted', previousEventId: 3, mapIterationStartedEventDetails: { name: 'Each', index: 1 } },
      { ...entered('Cut'), previousEventId: 4 },
      { ...entered('Cut'), previousEventId: 5 },
      { ...exited('Cut'), previousEventId: 7 },
      { ...exited('Cut'), previousEventId: 6 },
      { type: 'MapStateSucceeded', previousEventId: 9 },
      { ...exited('Each', 'Map'), previousEventId: 10 },
      { ...entered('Done', 'Succeed'), previousEventId: 11 },
    ]),
  );

  expect(history.flatMap((event) => (event.type === 'StateExited' ? [[event.state, event.index]] : []))).toEqual([
    ['Cut', 1],
    ['Cut', 0],
    ['Each', undefined],
  ]);
  expect(history.at(-1)).toEqual(expect.not.objectContaining({ index: expect.anything() }));
});

test('data that the service cut short are kept as text', () => {
  const history = fromAwsHistory(
    events([started, { ...entered('A'), stateEnteredEventDetails: { name: 'A', input: '{"half":' } }]),
  );

  expect(history[1]).toMatchObject({ input: '{"half":' });
});

test('paths are compared without the rounds of wait loops', () => {
  const short = execution().history;
  const longer = [
    ...short.slice(0, 11),
    ...visit('Wait for stop', 0, 0, {}),
    ...visit('Watch stop', 0, 0, {}),
    ...short.slice(11),
  ];

  expect(foldedPath(longer)).toEqual(foldedPath(short));
  expect(isSame(comparePaths(short, longer))).toBe(true);
});

test('a path that differs shows where', () => {
  const recorded = ['A', 'B', 'D'].flatMap((state) => visit(state, 0, 0, {}));
  const today = ['A', 'C', 'D'].flatMap((state) => visit(state, 0, 0, {}));

  expect(comparePaths(recorded, today)).toEqual([
    { state: 'A', where: 'both' },
    { state: 'B', where: 'recorded' },
    { state: 'C', where: 'today' },
    { state: 'D', where: 'both' },
  ]);
});
