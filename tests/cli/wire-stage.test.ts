import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { wireStage } from '../fixtures/wire-stage';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const configOf = (endpoint: string) => ({ endpoint, region: 'us-east-1', credentials });

/** A request of each protocol, and how its mistake is told. */
test.each<[string, string, (endpoint: string) => Promise<unknown>]>([
  [
    'a route that it does not know',
    'No service answers GET /2015-03-31/functions here',
    (endpoint) => new LambdaClient(configOf(endpoint)).send(new ListFunctionsCommand({})),
  ],
  [
    'a query of a service that it does not know',
    'No service answers POST / here',
    (endpoint) => new CloudFormationClient(configOf(endpoint)).send(new ListStacksCommand({})),
  ],
  [
    'an action that nobody answers',
    'Nobody answers sqs:ListQueues here',
    (endpoint) => new SQSClient(configOf(endpoint)).send(new ListQueuesCommand({})),
  ],
  [
    'a query that nobody answers',
    'Nobody answers sts:GetSessionToken here',
    (endpoint) => new STSClient(configOf(endpoint)).send(new GetSessionTokenCommand({})),
  ],
])('%s is refused at once, and closing the stage tells it to the test', async (_what, message, call) => {
  const stage = await wireStage();

  await expect(call(stage.endpoint)).rejects.toThrow(message);
  await expect(stage.close()).rejects.toThrow(message);
});

test('an answer that breaks is told, too', async () => {
  const broken = new TypeError('not an answer');
  const stage = await wireStage({ answers: { 'sqs:ListQueues': () => Promise.reject(broken) } });

  await expect(new SQSClient(configOf(stage.endpoint)).send(new ListQueuesCommand({}))).rejects.toThrow(
    'not an answer',
  );
  await expect(stage.close()).rejects.toBe(broken);
});
