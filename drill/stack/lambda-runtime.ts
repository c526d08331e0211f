import { PlaybookError } from '../../functions/shared/errors';
import { type Caller, currentInvocation, type Invocation } from '../cloud/caller';
import { checkSize, DataLimitExceededError } from './data-limit';
import type { Ids } from './ids';
import type { StackResource } from './template';

export type Handler = (event: unknown, context: unknown) => unknown;

export interface LambdaRuntimeOptions {
  functions: readonly StackResource[];
  /** Finds the code of a function by its `Handler` property. */
  loadHandler: (handler: string) => Promise<Handler>;
  /** Runs the work as one invocation of the caller. */
  asCaller: <T>(caller: Caller, work: () => Promise<T>) => Promise<T>;
  ids: Ids;
}

/** A machine invokes a function that the template does not have. */
export class UnknownFunctionError extends PlaybookError {}

/** Invokes handlers as Lambda would: JSON in and out, the function's time limit, errors in Lambda's words. */
export class LambdaRuntime {
  readonly #options: LambdaRuntimeOptions;
  readonly #byArn: Map<string, StackResource>;

  constructor(options: LambdaRuntimeOptions) {
    this.#options = options;
    this.#byArn = new Map(options.functions.map((resource) => [resource.arn, resource]));
  }

  /** The function that an ARN (also of a version or alias) or a bare name means, if the stack has it. */
  find(arnOrName: string): StackResource | undefined {
    const unqualified = arnOrName.split(':').slice(0, 7).join(':');
    return this.#byArn.get(unqualified) ?? this.#options.functions.find(({ ref }) => ref === arnOrName);
  }

  /**
   * A handler that has failed may go on with what it did not wait for, as it does where Lambda reuses its environment; one
   * that takes too long ends, since Lambda resets the environment then: what is on its way arrives, and nothing else leaves.
   * Source: Lambda developer guide, "Lambda execution environment lifecycle", failures during the invoke phase.
   * @throws an Error named as Step Functions names it, whose message is Lambda's JSON, when the handler fails;
   *   `Sandbox.Timedout` when it takes longer than the function may
   */
  async invoke(arnOrName: string, payload: unknown, from: Omit<Caller, 'functionName'>): Promise<unknown> {
    const resource = this.find(arnOrName);
    if (!resource) throw new UnknownFunctionError(`There is no function ${arnOrName} in the template.`);
    const handler = await this.#options.loadHandler(String(resource.properties.Handler));
    const requestId = this.#options.ids();
    const event: unknown = JSON.parse(JSON.stringify(payload ?? null));
    const caller = { functionName: resource.ref, ...from };
    const seconds = Number(resource.properties.Timeout ?? 3);
    const context = contextOf(resource, requestId, Date.now() + seconds * 1000);
    let running: Invocation | undefined;
    const work = async () => {
      running = currentInvocation();
      return handler(event, context);
    };
    try {
      const reset = () => running?.kill();
      const result = await withTimeout(this.#options.asCaller(caller, work), seconds, requestId, reset);
      return checkSize(
        result === undefined ? null : JSON.parse(JSON.stringify(result)),
        'The state/task returned a result',
      );
    } catch (error) {
      throw asLambdaError(error);
    }
  }
}

function contextOf(resource: StackResource, awsRequestId: string, deadline: number) {
  return {
    functionName: resource.ref,
    functionVersion: '$LATEST',
    invokedFunctionArn: resource.arn,
    memoryLimitInMB: String(resource.properties.MemorySize ?? 128),
    awsRequestId,
    logGroupName: String(
      (resource.properties.LoggingConfig as { LogGroup?: string } | undefined)?.LogGroup ??
        `/aws/lambda/${resource.ref}`,
    ),
    logStreamName: `drill/${awsRequestId}`,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

async function withTimeout<T>(work: Promise<T>, seconds: number, requestId: string, onTimeout: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<never>((_resolve, reject) => {
    const message = `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
    timer = setTimeout(() => {
      reject(named('Sandbox.Timedout', message));
      onTimeout();
    }, seconds * 1000);
  });
  try {
    return await Promise.race([work, timedOut]);
  } finally {
    clearTimeout(timer);
  }
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** What a Catch sees: Lambda reports `errorType` and `errorMessage` as JSON, which becomes the Cause. */
function asLambdaError(error: unknown): Error {
  if (error instanceof DataLimitExceededError) return error;
  const errorType = error instanceof Error ? error.name : typeof error;
  const errorMessage = error instanceof Error ? error.message : String(error);
  return named(errorType, JSON.stringify({ errorType, errorMessage, trace: [] }));
}
