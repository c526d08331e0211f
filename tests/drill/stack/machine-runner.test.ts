import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { SimulatedCloud } from '../../../drill/cloud';
import { DefinitionError } from '../../../drill/stack/definition';
import { pathOf } from '../../../drill/stack/history';
import type { Handler } from '../../../drill/stack/lambda-runtime';
import { StartExecutionError } from '../../../drill/stack/machine-runner';
import { VirtualTime } from '../../../drill/time/virtual-time';
import { fixtureStack, functionArn, machineArn, oneTask } from './fixture-stack';

const start = new Date('2026-03-01T12:00:00.000Z');
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

class ThrottledError extends Error {
  override name = 'ThrottledError';
}

let time: VirtualTime;
beforeEach(() => {
  time = VirtualTime.install(start);
});
afterEach(() => time.uninstall());

async function run(
  definition: Record<string, unknown>,
  handlers: Record<string, Handler>,
  input: unknown = {},
  properties = {},
) {
  const stack = await time.realWork(fixtureStack(definition, handlers, properties));
  const execution = stack.runner.start(machineArn, input, 'first');
  await time.run(stack.runner.allEnded());
  return { ...stack, execution };
}

test('a task gets its input as JSON, is known as the caller, and its result goes on', async () => {
  const work: Handler = (event) => ({ got: event, when: new Date(), left: undefined });

  const { execution, callers } = await run(oneTask(), { work }, { a: 1 });

  expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { got: { a: 1 }, when: '2026-03-01T12:00:00.000Z' } });
  expect(execution.output).not.toHaveProperty('left');
  expect(callers).toEqual([{ functionName: 'work', executionId: execution.id, stateName: 'Do it' }]);
});

test('the context object names execution and machine', async () => {
  const Parameters = { 'id.$': '$$.Execution.Id', 'name.$': '$$.Execution.Name', 'machine.$': '$$.StateMachine.Name' };

  const { execution } = await run(oneTask({ Parameters }), { work: (event) => event });

  expect(execution.output).toEqual({
    id: 'arn:aws:states:us-east-1:123456789012:execution:fixture-machine:first',
    name: 'first',
    machine: 'fixture-machine',
  });
});

test('an error is retried with back-off on virtual time, by its name', async () => {
  const times: number[] = [];
  const work: Handler = () => {
    times.push((Date.now() - start.getTime()) / 1000);
    if (times.length < 4) throw new ThrottledError('slow down');
    return 'done';
  };
  const Retry = [{ ErrorEquals: ['ThrottledError'], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 5 }];

  const { execution } = await run(oneTask({ Retry }), { work });

  expect(times).toEqual([0, 2, 6, 14]);
  expect(execution.history.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'StateEntered',
    ...Array(3).fill(['StateFailed', 'StateRetried']).flat(),
    'StateExited',
    'ExecutionSucceeded',
  ]);
});

test("a Catch sees the error's name and Lambda's JSON as its cause", async () => {
  const work: Handler = () => {
    throw new ThrottledError('slow down');
  };
  const Catch = [{ ErrorEquals: ['ThrottledError'], ResultPath: '$.failure', Next: 'Failed' }];

  const { execution } = await run(oneTask({ Catch }), { work });

  expect(pathOf(execution.history)).toEqual(['Do it', 'Failed']);
  expect(execution.output).toEqual({
    failure: { Error: 'ThrottledError', Cause: '{"errorType":"ThrottledError","errorMessage":"slow down","trace":[]}' },
  });
});

test("a function that takes longer than its Timeout ends as Lambda's time-out", async () => {
  const { execution } = await run(oneTask(), { work: () => sleep(60_000) }, {}, { Timeout: 10 });

  expect(execution).toMatchObject({ status: 'FAILED', error: 'Sandbox.Timedout', endedAt: start.getTime() + 10_000 });
  expect(execution.cause).toContain('Task timed out after 10.00 seconds');
});

test('what took too long ends with its environment: of its calls only the one on its way arrives', async () => {
  const answered: string[] = [];
  let drawn = 0;
  const cloud = new SimulatedCloud({
    account: '123456789012',
    region: 'us-east-1',
    // The cloud draws a latency for each call that has reached it.
    random: () => {
      drawn += 1;
      return 0.5;
    },
    emit: () => {},
    faults: [{ name: 'late-answer', n: 1, command: 'DescribeAlarms', seconds: 20 }],
  });
  drawn = 0;
  const client = new CloudWatchClient({ region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
  cloud.attach(client);
  const ask = async (name: string) => {
    await client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    answered.push(name);
  };
  const arrived = async () => {
    while (drawn === 0) await new Promise((resolve) => setImmediate(resolve));
  };
  const work: Handler = async () => {
    const first = ask('first');
    // A client's first call reads its settings from files: the clock must not go on meanwhile.
    await time.realWork(arrived());
    await first;
    await ask('second');
  };
  const stack = await time.realWork(fixtureStack(oneTask(), { work }, { Timeout: 10 }));
  stack.runner.start(machineArn, {}, 'first');
  await time.run(stack.runner.allEnded());
  await time.run(sleep(60_000));

  expect(answered).toEqual([]);
  expect(cloud.ledger.entries.map(({ input }) => input)).toEqual([{ AlarmNames: ['first'] }]);
});

test("a state's own shorter TimeoutSeconds comes first", async () => {
  const { execution } = await run(oneTask({ TimeoutSeconds: 5 }), { work: () => sleep(60_000) });

  expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Timeout', endedAt: start.getTime() + 5000 });
});

test('a task without TimeoutSeconds is not cut at the 60 seconds of the engine', async () => {
  const work: Handler = () => sleep(90_000).then(() => 'late');

  const { execution } = await run(oneTask(), { work }, {}, { Timeout: 120 });

  expect(execution).toMatchObject({ status: 'SUCCEEDED', output: 'late' });
});

test("the machine's TimeoutSeconds ends the execution as timed out", async () => {
  const { execution } = await run({ ...oneTask(), TimeoutSeconds: 3 }, { work: () => sleep(20_000) });

  expect(execution).toMatchObject({ status: 'TIMED_OUT', endedAt: start.getTime() + 3000 });
});

test('a result over 262,144 bytes fails the execution, whatever is caught', async () => {
  const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }];

  const { execution } = await run(oneTask({ Catch }), { work: () => 'x'.repeat(262_143) });

  expect(execution).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
});

describe('what a state holds over 262,144 bytes fails the execution, whatever is caught, and no next state begins:', () => {
  const Catch = [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Caught' }];
  const half = 'x'.repeat(131_072);
  const work = (more: Record<string, unknown>) => ({ Type: 'Task', Resource: functionArn('work'), ...more });
  const machine = (States: Record<string, unknown>) => ({
    StartAt: Object.keys(States)[0],
    States: { ...States, ...(JSON.stringify(States).includes('Caught') && { Caught: { Type: 'Succeed' } }) },
  });

  test.each<[string, Record<string, unknown>, string]>([
    [
      'the result with what was there before',
      machine({ One: work({ ResultPath: '$.one', Catch, Next: 'Two' }), Two: work({ End: true }) }),
      'One',
    ],
    [
      'the input after Parameters',
      machine({ One: work({ Parameters: { 'a.$': '$', 'b.$': '$' }, Catch, Next: 'Two' }), Two: work({ End: true }) }),
      'One',
    ],
    [
      'the result of a Pass state',
      machine({ One: { Type: 'Pass', Parameters: { 'a.$': '$', 'b.$': '$' }, Next: 'Two' }, Two: work({ End: true }) }),
      'One',
    ],
    [
      'the items of a Map together',
      machine({
        One: {
          Type: 'Map',
          ItemsPath: '$.items',
          ItemSelector: { 'all.$': '$.big' },
          ItemProcessor: { StartAt: 'Item', States: { Item: { Type: 'Pass', End: true } } },
          Catch,
          Next: 'Two',
        },
        Two: work({ End: true }),
      }),
      'Item',
    ],
    [
      'one item of a Map',
      machine({
        One: {
          Type: 'Map',
          ItemsPath: '$.items',
          ItemSelector: { 'all.$': '$.big', 'more.$': '$.big' },
          ItemProcessor: { StartAt: 'Item', States: { Item: work({ End: true }) } },
          Catch,
          Next: 'Two',
        },
        Two: work({ End: true }),
      }),
      'One',
    ],
  ])('%s', async (_what, definition, last) => {
    const input = { big: half, items: [1, 2] };
    const { execution } = await run(definition, { work: () => half }, input);

    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(pathOf(execution.history).at(-1)).toBe(last);
  });
});

test('StartExecution takes 262,144 bytes of input and no more', async () => {
  const { runner } = await run(oneTask(), { work: () => 'done' });

  expect(() => runner.startExecution(machineArn, 'x'.repeat(262_143), 'large')).toThrow(StartExecutionError);
  expect(runner.startExecution(machineArn, 'x'.repeat(262_142), 'fits').status).toBe('RUNNING');
  await time.run(runner.allEnded());
});

test('a type test whose expected value is false matches, as on AWS', async () => {
  const definition = {
    StartAt: 'Is it there?',
    States: {
      'Is it there?': {
        Type: 'Choice',
        Choices: [
          {
            And: [
              { Variable: '$.a', NumericEquals: 1 },
              { Variable: '$.b', IsPresent: false },
            ],
            Next: 'Missing',
          },
        ],
        Default: 'Present',
      },
      Missing: { Type: 'Pass', Result: 'missing', End: true },
      Present: { Type: 'Pass', Result: 'present', End: true },
    },
  };

  expect((await run(definition, {}, { a: 1 })).execution.output).toBe('missing');
  expect((await run(definition, {}, { a: 1, b: 0 })).execution.output).toBe('present');
});

test('ResultPath $ replaces the whole state', async () => {
  const { execution } = await run(oneTask({ ResultPath: '$' }), { work: () => ({ fresh: true }) }, { old: 1 });

  expect(execution.output).toEqual({ fresh: true });
});

test('states in Parallel and Map run their functions too', async () => {
  const definition = {
    StartAt: 'Both',
    States: {
      Both: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Left', States: { Left: { Type: 'Task', Resource: functionArn('work'), End: true } } },
          {
            StartAt: 'Each',
            States: {
              Each: {
                Type: 'Map',
                ItemsPath: '$.items',
                ItemProcessor: {
                  StartAt: 'One',
                  States: { One: { Type: 'Task', Resource: functionArn('work'), End: true } },
                },
                End: true,
              },
            },
          },
        ],
        End: true,
      },
    },
  };

  const { execution } = await run(definition, { work: (event) => ({ event }) }, { items: [1, 2] });

  expect(execution.output).toEqual([{ event: { items: [1, 2] } }, [{ event: 1 }, { event: 2 }]]);
  expect(pathOf(execution.history).sort()).toEqual(['Both', 'Each', 'Left', 'One', 'One']);
});

test('a second start with the same name joins the open execution and is refused once that has ended', async () => {
  const { runner } = await time.realWork(fixtureStack(oneTask(), { work: () => sleep(1000) }));

  const first = runner.start(machineArn, { a: 1 }, 'same');
  const second = runner.start(machineArn, { a: 1 }, 'same');
  await time.run(first.ended);

  expect(second).toBe(first);
  expect(() => runner.start(machineArn, { a: 1 }, 'same')).toThrow(StartExecutionError);
  expect(() => runner.start(`${machineArn}-other`, {})).toThrow(/StateMachineDoesNotExist/);
});

test('a Fail state may take its error and cause from the state', async () => {
  const definition = {
    StartAt: 'Stop here',
    States: { 'Stop here': { Type: 'Fail', ErrorPath: '$.code', CausePath: '$.why' } },
  };

  const { execution } = await run(definition, {}, { code: 'ESCALATED', why: 'A person is needed.' });

  expect(execution).toMatchObject({ status: 'FAILED', error: 'ESCALATED', cause: 'A person is needed.' });
});

test.each([
  ['JSONata', { ...oneTask(), QueryLanguage: 'JSONata' }, /JSONata/],
  ['Assign', oneTask({ Assign: { a: 1 } }), /Assign/],
  ['an integration it does not know', oneTask({ Resource: 'arn:aws:states:::sqs:sendMessage' }), /sqs:sendMessage/],
])('a machine with %s is refused, since the engine would ignore it', async (_title, definition, message) => {
  const attempt = run(definition, { work: () => null });

  await expect(attempt).rejects.toThrow(message);
  await expect(attempt).rejects.toThrow(DefinitionError);
});
