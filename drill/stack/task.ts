import { DefinitionError, type TaskState } from './definition';
import type { TaskTokens } from './task-tokens';

/** Which state of which execution runs a task. */
export interface TaskInvocation {
  executionId: string;
  stateName: string;
}

/** What tasks may call. */
export interface TaskServices {
  invoke: (functionArnOrName: string, payload: unknown, from: TaskInvocation) => Promise<unknown>;
  tokens?: TaskTokens;
}

type Task = (input: unknown) => Promise<unknown>;

const lambdaInvoke = /^arn:aws:states:::lambda:invoke(\.waitForTaskToken)?$/;

/**
 * What a Task state does, by its Resource: a function's ARN, `lambda:invoke`, or `lambda:invoke.waitForTaskToken`.
 * @throws DefinitionError for a Resource that a drill cannot run
 */
export function taskRunner(task: TaskState, from: TaskInvocation, services: TaskServices): Task {
  if (task.resource.startsWith('arn:aws:lambda:')) return (input) => services.invoke(task.resource, input, from);
  const [integration, waits] = lambdaInvoke.exec(task.resource) ?? [];
  const { tokens } = services;
  if (!integration || (waits && !tokens)) {
    throw new DefinitionError(`State "${task.name}": a drill cannot run ${task.resource}.`);
  }
  return async (input) => {
    const { FunctionName, Payload } = input as { FunctionName: string; Payload?: unknown };
    // The callback is listened for first: a function may answer before it returns.
    const answered = waits ? tokens?.answerTo(Payload) : undefined;
    const result = await services.invoke(FunctionName, Payload ?? {}, from);
    return answered ?? { ExecutedVersion: '$LATEST', StatusCode: 200, Payload: result };
  };
}
