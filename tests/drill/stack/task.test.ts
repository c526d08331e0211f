import type { TaskServices } from '../../../drill/stack/task';
import { TaskTokenError, TaskTokens } from '../../../drill/stack/task-tokens';
import { VirtualTime } from '../../../drill/time/virtual-time';
import { fixtureStack, functionArn, machineArn, oneTask } from './fixture-stack';

const start = new Date('2026-03-01T12:00:00.000Z');

let time: VirtualTime;
beforeEach(() => {
  time = VirtualTime.install(start);
});
afterEach(() => time.uninstall());

type Handlers = Parameters<typeof fixtureStack>[1];

async function run(definition: Record<string, unknown>, handlers: Handlers, input: unknown = {}, refusal?: Error) {
  const integrations: unknown[] = [];
  const integrate: TaskServices['integrate'] = async (call, from) => {
    integrations.push({ call, from });
    if (refusal) throw refusal;
    return { MessageId: 'm-1' };
  };
  const { runner } = await time.realWork(fixtureStack(definition, handlers, {}, integrate));
  const execution = runner.start(machineArn, input);
  await time.run(execution.ended);
  return { execution, integrations };
}

describe('the lambda:invoke integration', () => {
  const Parameters = { FunctionName: functionArn('work'), 'Payload.$': '$' };

  test('hands over the Payload and answers as Step Functions does', async () => {
    const definition = oneTask({ Resource: 'arn:aws:states:::lambda:invoke', Parameters });

    const { execution } = await run(definition, { work: (event) => ({ got: event }) }, { a: 1 });

    expect(execution.output).toMatchObject({ StatusCode: 200, Payload: { got: { a: 1 } } });
  });

  const waiting = oneTask({
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: { FunctionName: 'work', Payload: { 'token.$': '$$.Task.Token' } },
    TimeoutSeconds: 3600,
  });

  test('waits for the callback of its token', async () => {
    const stack = await time.realWork(
      fixtureStack(waiting, { work: (event) => askAPerson(event as { token: string }) }),
    );
    const askAPerson = ({ token }: { token: string }) => {
      setTimeout(() => stack.tokens.succeed(token, { approved: true }), 600_000);
    };

    const execution = stack.runner.start(machineArn, {});
    await time.run(execution.ended);

    expect(execution).toMatchObject({ output: { approved: true }, endedAt: start.getTime() + 600_000 });
  });

  test('without an answer the time-out means no', async () => {
    const { execution } = await run(waiting, { work: () => null });

    expect(execution).toMatchObject({
      status: 'FAILED',
      error: 'States.Timeout',
      endedAt: start.getTime() + 3_600_000,
    });
  });

  test('a callback that says no fails the task by the name it gives', async () => {
    const stack = await time.realWork(fixtureStack(waiting, { work: (event) => refuse(event as { token: string }) }));
    const refuse = ({ token }: { token: string }) => {
      setTimeout(() => stack.tokens.fail(token, 'ApprovalRefused', 'Not during the sale.'), 1000);
    };

    const execution = stack.runner.start(machineArn, {});
    await time.run(execution.ended);

    expect(execution).toMatchObject({ status: 'FAILED', error: 'ApprovalRefused', cause: 'Not during the sale.' });
  });

  test('a machine that hands no token to its function waits for nothing, which is an error', async () => {
    const Parameters = { FunctionName: 'work', Payload: {} };
    const definition = oneTask({ Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', Parameters });

    const { execution } = await run(definition, { work: () => null });

    expect(execution).toMatchObject({ status: 'FAILED', error: 'TaskTokenMissingError' });
  });
});

describe('the sns:publish integration', () => {
  const Resource = 'arn:aws:states:::sns:publish';
  const Parameters = { TopicArn: 'topic', 'Subject.$': '$.subject', Message: { 'default.$': '$.text' } };

  test('sends its Parameters, a Message that is an object as its JSON text, in the name of its state', async () => {
    const { execution, integrations } = await run(
      oneTask({ Resource, Parameters }),
      {},
      { subject: 'Look', text: 'Hm' },
    );

    expect(integrations).toEqual([
      {
        call: {
          service: 'sns',
          command: 'Publish',
          input: { TopicArn: 'topic', Subject: 'Look', Message: '{"default":"Hm"}' },
        },
        from: { executionId: execution.id, stateName: 'Do it' },
      },
    ]);
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { MessageId: 'm-1' } });
  });

  test('sends a Message that is a text as it is', async () => {
    const plain = oneTask({ Resource, Parameters: { TopicArn: 'topic', Message: 'Hm' } });
    const { integrations } = await run(plain, {});

    expect(integrations).toMatchObject([{ call: { input: { Message: 'Hm' } } }]);
  });

  test.each([
    ['NotFoundException', 'SNS.NotFoundException'],
    ['InternalError', 'SNS.InternalErrorException'],
  ])('fails on %s by the name of its exception', async (name, error) => {
    const refusal = Object.assign(new Error('No such topic'), { name });
    const { execution } = await run(
      oneTask({ Resource, Parameters: { TopicArn: '', Message: 'Hm' } }),
      {},
      {},
      refusal,
    );

    expect(execution).toMatchObject({ status: 'FAILED', error, cause: 'No such topic' });
  });
});

test('a callback for a token that nobody waits for is refused, as is a second one for the same', () => {
  const tokens = new TaskTokens(() => 'token-1');
  const { Token } = tokens.contextObject().Task;

  tokens.succeed(Token, {});

  expect(() => tokens.succeed(Token, {})).toThrow(TaskTokenError);
  expect(() => tokens.fail('token-2', 'No', '')).toThrow(TaskTokenError);
});
