import type { HistoryEvent, StateEvent } from '../stack/history';
import type { AwsEvent } from './read';

/** No playbook's state nests nearly as deep, and deeper text could not be shown. */
const deepest = 200;

const json = (text: string | undefined): unknown => {
  if (text === undefined || depthOf(text) > deepest) return text;
  try {
    return JSON.parse(text);
  } catch {
    // Truncated at the service's limit of 256 KiB: shown as it is.
    return text;
  }
};

/** How deep a text's brackets nest, including those in strings. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    most = Math.max(most, depth);
  }
  return most;
}

type Place = Pick<StateEvent, 'state' | 'stateType' | 'index'>;
type Failure = { error?: string | undefined; cause?: string | undefined };

/** Converts a history of Step Functions to the events that the local engine also gives. Pure. */
export function fromAwsHistory(events: readonly AwsEvent[]): HistoryEvent[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  const converted: HistoryEvent[] = [];
  /** Failed attempts of a state, by the id of the event that entered it. */
  const failures = new Map<number, number>();
  for (const event of events) {
    const at = event.timestamp;
    const ending = endOf(event);
    if (event.type === 'ExecutionStarted')
      converted.push({ type: 'ExecutionStarted', at, input: json(event.executionStartedEventDetails?.input) ?? {} });
    else if (ending) converted.push(ending);
    else if (event.stateEnteredEventDetails) {
      const { input } = event.stateEnteredEventDetails;
      converted.push({ type: 'StateEntered', ...placeOf(event, byId), at, input: json(input) });
    } else converted.push(...withinState(event, byId, failures));
  }
  return converted;
}

function endOf(event: AwsEvent): HistoryEvent | undefined {
  const at = event.timestamp;
  if (event.type === 'ExecutionSucceeded')
    return { type: event.type, at, output: json(event.executionSucceededEventDetails?.output) };
  const failed: Failure = event.executionFailedEventDetails ?? {};
  if (event.type === 'ExecutionFailed')
    return { type: event.type, at, error: failed.error ?? '', cause: failed.cause ?? '' };
  if (event.type === 'ExecutionTimedOut' || event.type === 'ExecutionAborted') return { type: event.type, at };
  return undefined;
}

/** A failed attempt, another attempt, or the end of the state; the other events only enclose these. */
function withinState(
  event: AwsEvent,
  byId: ReadonlyMap<number, AwsEvent>,
  failures: Map<number, number>,
): HistoryEvent[] {
  const entered = enteredBefore(event, byId);
  if (!entered) return [];
  const at = event.timestamp;
  const place = placeOf(entered, byId);
  const failed = failures.get(entered.id) ?? 0;
  const failure = failureOf(event);
  if (failure) {
    failures.set(entered.id, failed + 1);
    const { error = 'States.TaskFailed', cause = '' } = failure;
    return [{ type: 'StateFailed', ...place, at, error, cause }];
  }
  const isNewTry = /^(Task|LambdaFunction|Activity)Scheduled$/.test(event.type) && failed > 0;
  if (isNewTry) return [{ type: 'StateRetried', ...place, at, attempt: failed }];
  if (!event.stateExitedEventDetails) return [];
  const exited: HistoryEvent = {
    type: 'StateExited',
    ...place,
    at,
    output: json(event.stateExitedEventDetails.output),
  };
  const before = byId.get(event.previousEventId);
  if (!before || !failureOf(before)) return [exited];
  const next = [...byId.values()].find(
    ({ previousEventId, stateEnteredEventDetails }) => stateEnteredEventDetails && previousEventId === event.id,
  );
  return [{ type: 'StateCaught', ...place, at, next: next?.stateEnteredEventDetails?.name ?? '' }, exited];
}

function failureOf(event: AwsEvent): Failure | undefined {
  if (!/^(Task|LambdaFunction|Activity)\w*(Failed|TimedOut)$/.test(event.type)) return undefined;
  const details = Object.entries(event).find(
    ([name, value]) => /(Failed|TimedOut)EventDetails$/.test(name) && value !== undefined,
  )?.[1];
  const timedOut = event.type.endsWith('TimedOut') ? { error: 'States.Timeout' } : {};
  return { ...timedOut, ...(details as Failure | undefined) };
}

/** The event that entered the state of this one, found through previousEventId. */
function enteredBefore(event: AwsEvent, byId: ReadonlyMap<number, AwsEvent>): AwsEvent | undefined {
  let one: AwsEvent | undefined = event;
  const name = event.stateExitedEventDetails?.name;
  while (one) {
    one = byId.get(one.previousEventId);
    if (one?.stateEnteredEventDetails && (name === undefined || one.stateEnteredEventDetails.name === name)) return one;
  }
  return undefined;
}

function placeOf(entered: AwsEvent, byId: ReadonlyMap<number, AwsEvent>): Place {
  const index = iterationOf(entered, byId);
  return {
    state: entered.stateEnteredEventDetails!.name,
    stateType: entered.type.replace(/StateEntered$/, ''),
    ...(index === undefined ? {} : { index }),
  };
}

/** The Map item of an event: the innermost one that had begun and not ended before it. */
function iterationOf(event: AwsEvent, byId: ReadonlyMap<number, AwsEvent>): number | undefined {
  let one: AwsEvent | undefined = event;
  while (one) {
    if (one.type === 'MapIterationStarted') return one.mapIterationStartedEventDetails?.index;
    if (/^MapState(Succeeded|Failed|Exited)$/.test(one.type)) return undefined;
    one = byId.get(one.previousEventId);
  }
  return undefined;
}
