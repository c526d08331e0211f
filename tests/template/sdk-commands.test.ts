import { callsOfMachine } from '../../tools/template/machine-calls';
import { commandsIn, queriesIn, UnknownCallError } from '../../tools/template/sdk-commands';

test('a command counts when it is used, not when it is only imported', () => {
  const bundle = [
    'import { EC2Client, StopInstancesCommand, StartInstancesCommand as Start } from "@aws-sdk/client-ec2";',
    'await new EC2Client({}).send(new Start({}));',
  ].join('\n');

  expect(commandsIn(bundle, 'x.ts')).toEqual([{ client: '@aws-sdk/client-ec2', command: 'StartInstances' }]);
});

test('a paginator sends its command', () => {
  const bundle = 'import { paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";\npaginateDescribeAlarms({});';

  expect(commandsIn(bundle, 'x.ts')).toEqual([{ client: '@aws-sdk/client-cloudwatch', command: 'DescribeAlarms' }]);
});

test.each([
  ['a whole client', 'import * as ec2 from "@aws-sdk/client-ec2";\nec2.x();'],
  [
    'something that is no command',
    'import { waitUntilInstanceRunning } from "@aws-sdk/client-ec2";\nwaitUntilInstanceRunning();',
  ],
])('%s is refused, since it hides what is sent', (_what, bundle) => {
  expect(() => commandsIn(bundle, 'x.ts')).toThrow(UnknownCallError);
});

test('queries of a table and of its indexes are told apart', () => {
  const index = 'new QueryCommand({ TableName: f(x), IndexName: "by-opened" })';

  expect(queriesIn(index)).toEqual({ indexes: ['by-opened'], queriesTable: false });
  expect(queriesIn(`${index}; new QueryCommand({ TableName: x })`)).toEqual({
    indexes: ['by-opened'],
    queriesTable: true,
  });
});

const machine = (state: Record<string, unknown>) => JSON.stringify({ States: { S: { Type: 'Task', ...state } } });

test('a machine’s calls are read from its integrations, also inside a Map', () => {
  const inner = {
    States: { Send: { Type: 'Task', Resource: 'arn:aws:states:::sns:publish', Parameters: { TopicArn: 't' } } },
  };
  const definition = machine({
    Type: 'Map',
    ItemProcessor: { ...inner, ProcessorConfig: { Mode: 'DISTRIBUTED' } },
  });

  expect(callsOfMachine(definition, 'arn:aws:states:r:1:stateMachine:m')).toEqual([
    { state: 'Send', action: 'sns:Publish', resource: 't' },
    { state: 'S', action: 'states:StartExecution', resource: 'arn:aws:states:r:1:stateMachine:m' },
    { state: 'S', action: 'states:DescribeExecution', resource: 'arn:aws:states:r:1:execution:m:child' },
    { state: 'S', action: 'states:StopExecution', resource: 'arn:aws:states:r:1:execution:m:child' },
  ]);
});

test('an integration that nobody has looked up is refused by its state', () => {
  const definition = machine({ Resource: 'arn:aws:states:::states:startExecution.sync:2' });

  expect(() => callsOfMachine(definition, 'arn:m')).toThrow(/State "S".*startExecution\.sync:2/);
});
