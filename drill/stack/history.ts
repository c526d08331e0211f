import type { EventLog } from './engine';

/** What happened in an execution, in the words of Step Functions; `at` is in (simulated) milliseconds since 1970. */
export type HistoryEvent =
  | { type: 'ExecutionStarted'; at: number; input: unknown }
  | { type: 'ExecutionSucceeded'; at: number; output: unknown }
  | { type: 'ExecutionFailed'; at: number; error: string; cause: string }
  | { type: 'ExecutionTimedOut' | 'ExecutionAborted'; at: number }
  | StateEvent;

export type StateEvent = StatePlace &
  (
    | { type: 'StateEntered'; input: unknown }
    | { type: 'StateExited'; output: unknown }
    | { type: 'StateFailed'; error: string; cause: string }
    | { type: 'StateRetried'; attempt: number }
    | { type: 'StateCaught'; next: string }
  );

interface StatePlace {
  at: number;
  state: string;
  stateType: string;
  /** The item of a Map that it happened for. */
  index?: number;
}

/**
 * One event of the local engine in our terms.
 * @returns undefined for events that only bracket a Map's or Parallel's inner runs
 */
export function toHistoryEvent(event: EventLog): HistoryEvent | undefined {
  const at = event.timestamp;
  switch (event.type) {
    case 'ExecutionStarted':
      return { type: event.type, at, input: event.input };
    case 'ExecutionSucceeded':
      return { type: event.type, at, output: event.output };
    case 'ExecutionFailed':
      return { type: event.type, at, error: event.Error, cause: causeText(event.Cause) };
    case 'ExecutionTimeout':
      return { type: 'ExecutionTimedOut', at };
    case 'ExecutionAborted':
      return { type: event.type, at };
    default:
      return 'state' in event ? toStateEvent(event) : undefined;
  }
}

function toStateEvent(event: Extract<EventLog, { state: unknown }>): StateEvent {
  const { name, type: stateType, input, output } = event.state;
  const place = {
    at: event.timestamp,
    state: name,
    stateType,
    ...(event.index === undefined ? {} : { index: event.index }),
  };
  switch (event.type) {
    case 'StateEntered':
      return { type: event.type, ...place, input };
    case 'StateExited':
      return { type: event.type, ...place, output };
    case 'StateFailed':
      return { type: event.type, ...place, error: event.Error, cause: causeText(event.Cause) };
    case 'StateRetried':
      return { type: event.type, ...place, attempt: event.retry.attempt };
    case 'StateCaught':
      return { type: event.type, ...place, next: event.catch.catcher.Next };
  }
}

function causeText(cause: unknown): string {
  if (cause instanceof Error) return cause.message;
  return typeof cause === 'string' ? cause : JSON.stringify(cause);
}

/** The names of the states that were entered, in order. */
export function pathOf(history: readonly HistoryEvent[]): string[] {
  return history.flatMap((event) => (event.type === 'StateEntered' ? [event.state] : []));
}
