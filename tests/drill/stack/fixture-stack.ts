import { runAs } from '../../../drill/cloud/caller';
import { seededRandom, uuidsFrom } from '../../../drill/stack/ids';
import { type Handler, LambdaRuntime } from '../../../drill/stack/lambda-runtime';
import { MachineRunner } from '../../../drill/stack/machine-runner';
import { resolveTemplate } from '../../../drill/stack/resolve';
import type { TaskServices } from '../../../drill/stack/task';
import { TaskTokens } from '../../../drill/stack/task-tokens';
import { parseTemplate } from '../../../drill/stack/template';

export const place = { account: '123456789012', region: 'us-east-1', stackName: 'fixture' };
export const machineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:fixture-machine';
export const functionArn = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

/** A stack of one machine with these states, and one function per handler. */
export async function fixtureStack(
  definition: Record<string, unknown>,
  handlers: Record<string, Handler>,
  properties: Record<string, unknown> = {},
  integrate: NonNullable<TaskServices['integrate']> = async () => ({}),
) {
  const functions = Object.keys(handlers).map((name) => [
    `${name}Function`,
    {
      Type: 'AWS::Lambda::Function',
      Properties: { FunctionName: name, Handler: `${name}.handler`, Timeout: 25, ...properties },
    },
  ]);
  const Machine = {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { StateMachineName: 'fixture-machine', DefinitionString: JSON.stringify(definition) },
  };
  const text = JSON.stringify({ Resources: { ...Object.fromEntries(functions), Machine } });
  const resources = [...resolveTemplate(parseTemplate(text, 'fixture'), place).values()];
  const ids = uuidsFrom(seededRandom(1));
  const callers: unknown[] = [];
  const lambda = new LambdaRuntime({
    functions: resources.filter(({ type }) => type === 'AWS::Lambda::Function'),
    loadHandler: async (handler) => handlers[handler.replace('.handler', '')]!,
    asCaller: (caller, work) => {
      callers.push(caller);
      return runAs(caller, work);
    },
    ids,
  });
  const tokens = new TaskTokens(ids);
  const runner = await MachineRunner.create({
    machines: resources.filter(({ type }) => type === 'AWS::StepFunctions::StateMachine'),
    services: { invoke: (arn, payload, from) => lambda.invoke(arn, payload, from), integrate, tokens },
    ids,
  });
  return { runner, lambda, tokens, callers };
}

/** A machine of one Task, and a state that it may go to when it fails. */
export const oneTask = (extra: Record<string, unknown> = {}) => ({
  StartAt: 'Do it',
  States: {
    'Do it': { Type: 'Task', Resource: functionArn('work'), End: true, ...extra },
    ...('Catch' in extra ? { Failed: { Type: 'Succeed' } } : {}),
  },
});
