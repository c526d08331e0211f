import { DefinitionError, type TaskState } from './definition';
import { readItems } from './item-reader';
import { publishRequest, snsError } from './sns-integration';
import type { TaskTokens } from './task-tokens';

/** Which state of which execution runs a task. */
export interface TaskInvocation {
  executionId: string;
  stateName: string;
}

/** A call that a machine makes of a service by itself. */
export interface IntegrationCall {
  service: 'sns' | 's3';
  command: string;
  input: object;
}

/** What tasks may call. */
export interface TaskServices {
  invoke: (functionArnOrName: string, payload: unknown, from: TaskInvocation) => Promise<unknown>;
  /** Makes a call without a function in between. */
  integrate?: (call: IntegrationCall, from: TaskInvocation) => Promise<unknown>;
  tokens?: TaskTokens;
}

type Task = (input: unknown) => Promise<unknown>;

const lambdaInvoke = /^arn:[\w-]+:states:::lambda:invoke(\.waitForTaskToken)?$/;
/** Of the ItemReader of a Map alone: definition.ts makes a task of it. */
const s3GetObject = /^arn:[\w-]+:states:::s3:getObject$/;
const snsPublish = /^arn:[\w-]+:states:::sns:publish$/;

/**
 * What a Task state does, by its Resource: a function's ARN, `lambda:invoke`, `lambda:invoke.waitForTaskToken`,
 * `sns:publish`, or `s3:getObject` of an ItemReader.
 * @throws DefinitionError for a Resource that a drill cannot run
 */
export function taskRunner(task: TaskState, from: TaskInvocation, services: TaskServices): Task {
  if (/^arn:[\w-]+:lambda:/.test(task.resource)) return (input) => services.invoke(task.resource, input, from);
  const { tokens, integrate } = services;
  if (snsPublish.test(task.resource) && integrate) {
    return async (input) => {
      const call = { service: 'sns', command: 'Publish', input: publishRequest(input) } as const;
      return integrate(call, from).catch((error) => Promise.reject(snsError(error)));
    };
  }
  if (s3GetObject.test(task.resource) && integrate) return (input) => readItems(input, integrate, from);
  const [integration, waits] = lambdaInvoke.exec(task.resource) ?? [];
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
