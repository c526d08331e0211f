import type { StateMachine } from 'aws-local-stepfunctions';

/** Source: Step Functions service quotas, "Maximum input or output size for a task, state, or execution", in bytes. */
export const dataLimitBytes = 262_144;

export const bytesOf = (data: unknown): number => Buffer.byteLength(JSON.stringify(data) ?? '');

/**
 * Step Functions fails the execution for good: neither Retry nor Catch sees this error, not even with States.ALL.
 * Source: Step Functions developer guide, "Handling errors in Step Functions workflows", States.DataLimitExceeded.
 */
export class DataLimitExceededError extends Error {
  override name = 'States.DataLimitExceeded';
  readonly isRetryable = false;
  readonly isCatchable = false;
}

/** @param what whose data it is, for example `The state/task 'Stop instance' returned a result` */
export function checkSize<T>(data: T, what: string): T {
  if (bytesOf(data) <= dataLimitBytes) return data;
  throw new DataLimitExceededError(`${what} with a size exceeding the maximum number of bytes service limit.`);
}

/** What a run of the engine is told besides: data of any size passes. */
export interface Unlimited {
  isUnlimited?: boolean;
}

type Dispatch = (name: string, type: string, input: unknown, output?: unknown) => void;
interface Execute {
  execute(
    input: unknown,
    options: {
      runOptions?: Unlimited;
      eventLogger: { dispatchStateEnteredEvent: Dispatch; dispatchStateExitedEvent: Dispatch };
    },
    cleanUp: () => void,
  ): Promise<unknown>;
}

/**
 * From now on, every machine of the engine checks the data with which each state begins and ends, those within a Map or
 * Parallel too. The engine knows no limit, but it tells a logger of each, and what that throws fails the execution.
 */
export function limitData(Engine: typeof StateMachine): void {
  const prototype = Engine.prototype as unknown as Execute;
  const { execute } = prototype;
  prototype.execute = function (input, options, cleanUp) {
    const { eventLogger, runOptions } = options;
    if (!runOptions?.isUnlimited) {
      const checked =
        (tell: Dispatch, of: (input: unknown, output: unknown) => unknown, what: string): Dispatch =>
        (name, type, from, to) => {
          checkSize(of(from, to), `The state '${name}' ${what}`);
          tell.call(eventLogger, name, type, from, to);
        };
      const { dispatchStateEnteredEvent, dispatchStateExitedEvent } = eventLogger;
      eventLogger.dispatchStateEnteredEvent = checked(dispatchStateEnteredEvent, (from) => from, 'was given an input');
      eventLogger.dispatchStateExitedEvent = checked(dispatchStateExitedEvent, (_, to) => to, 'has an output');
    }
    return execute.call(this, input, options, cleanUp);
  };
}
