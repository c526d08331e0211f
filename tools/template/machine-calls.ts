import { z } from 'zod';
import { UnknownCallError } from './sdk-commands';

interface State {
  Type: string;
  Resource?: string;
  Parameters?: Record<string, unknown>;
  Branches?: Machine[];
  Iterator?: Machine;
  ItemReader?: { Resource?: string };
  ItemProcessor?: Machine & { ProcessorConfig?: { Mode?: string } };
  [field: string]: unknown;
}
interface Machine {
  States: Record<string, State>;
}

const stateSchema: z.ZodType<State> = z.looseObject({
  Type: z.string(),
  Resource: z.string().optional(),
  Parameters: z.record(z.string(), z.unknown()).optional(),
  Branches: z.array(z.lazy(() => machineSchema)).optional(),
  Iterator: z.lazy(() => machineSchema).optional(),
  ItemReader: z.looseObject({ Resource: z.string().optional() }).optional(),
  ItemProcessor: z.lazy(() => machineSchema).optional(),
});
const machineSchema = z.looseObject({ States: z.record(z.string(), stateSchema) });

/** An action that a machine takes itself; `resource` is undefined where the definition does not say on what. */
export interface MachineCall {
  state: string;
  action: string;
  resource: string | undefined;
}

/** Optimized integrations, by "Integrating services" of the Step Functions guide. */
const optimized: Record<string, { actions: string[]; target: string }> = {
  'lambda:invoke': { actions: ['lambda:InvokeFunction'], target: 'FunctionName' },
  'sns:publish': { actions: ['sns:Publish'], target: 'TopicArn' },
  'sqs:sendMessage': { actions: ['sqs:SendMessage'], target: 'QueueUrl' },
  'dynamodb:getItem': { actions: ['dynamodb:GetItem'], target: 'TableName' },
  'dynamodb:putItem': { actions: ['dynamodb:PutItem'], target: 'TableName' },
  'dynamodb:updateItem': { actions: ['dynamodb:UpdateItem'], target: 'TableName' },
  'dynamodb:deleteItem': { actions: ['dynamodb:DeleteItem'], target: 'TableName' },
  // Of the ItemReader of a Distributed Map: "IAM policies for using Distributed Map states".
  's3:getObject': { actions: ['s3:GetObject'], target: 'its definition names no ARN' },
  'states:startExecution': { actions: ['states:StartExecution'], target: 'StateMachineArn' },
};
/** SDK integrations whose name differs from the IAM prefix. */
const sdkPrefixes: Record<string, string> = { sfn: 'states', cloudwatchlogs: 'logs', eventbridge: 'events' };

/**
 * Every action that a machine takes under its own role.
 * @param definition the resolved Amazon States Language text
 * @param machineArn the machine itself, which a Distributed Map starts again for its items
 * @throws UnknownCallError for an integration that nobody has looked up yet
 */
export function callsOfMachine(definition: string, machineArn: string): MachineCall[] {
  return callsIn(machineSchema.parse(JSON.parse(definition)), machineArn);
}

function callsIn(machine: Machine, machineArn: string): MachineCall[] {
  return Object.entries(machine.States).flatMap(([name, state]) => [
    ...(state.Type === 'Task' ? callsOfTask(name, state) : []),
    ...(state.ItemReader ? callsOfTask(name, { Type: 'Task', Resource: state.ItemReader.Resource ?? '' }) : []),
    ...[...(state.Branches ?? []), state.Iterator, state.ItemProcessor].flatMap((inner) =>
      inner ? callsIn(inner, machineArn) : [],
    ),
    ...(state.ItemProcessor?.ProcessorConfig?.Mode === 'DISTRIBUTED' ? childCalls(name, machineArn) : []),
  ]);
}

function callsOfTask(state: string, { Resource = '', Parameters = {} }: State): MachineCall[] {
  if (/^arn:[\w-]+:lambda:/.test(Resource)) return [{ state, action: 'lambda:InvokeFunction', resource: Resource }];
  const [, integration = ''] = /^arn:[\w-]+:states:::([\w:.-]+?)(?:\.waitForTaskToken)?$/.exec(Resource) ?? [];
  const [, service, operation] = /^aws-sdk:(\w+):(\w+)$/.exec(integration) ?? [];
  if (service && operation) {
    const command = operation.charAt(0).toUpperCase() + operation.slice(1);
    return [{ state, action: `${sdkPrefixes[service] ?? service}:${command}`, resource: undefined }];
  }
  const known = optimized[integration];
  if (!known) throw new UnknownCallError(`State "${state}": what ${Resource} needs is not known`);
  const target = Parameters[known.target];
  return known.actions.map((action) => ({ state, action, resource: typeof target === 'string' ? target : undefined }));
}

/** A Distributed Map runs its items as executions of the same machine: "IAM policies for using Distributed Map states". */
function childCalls(state: string, machineArn: string): MachineCall[] {
  const child = `${machineArn.replace(':stateMachine:', ':execution:')}:child`;
  return [
    { state, action: 'states:StartExecution', resource: machineArn },
    { state, action: 'states:DescribeExecution', resource: child },
    { state, action: 'states:StopExecution', resource: child },
  ];
}
