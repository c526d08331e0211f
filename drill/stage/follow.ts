import { GetExecutionHistoryCommand, type GetExecutionHistoryOutput, type SFNClient } from '@aws-sdk/client-sfn';
import { fromAwsHistory } from '../history/convert';
import { type AwsEvent, awsEventSchema } from '../history/read';
import type { HistoryEvent } from '../stack/history';
import { FollowError } from './errors';

export interface FollowOptions {
  /** Called with each new event. */
  onEvent: (event: HistoryEvent, soFar: readonly HistoryEvent[]) => void;
  /** Waits between two reads; resolves early if the signal is aborted. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Stops following, not the execution. */
  signal: AbortSignal;
}

/** GetExecutionHistory is eventually consistent, and allows at least 5 calls per second in every region. */
const lookEveryMs = 2000;
/** The maximum page size. Source: Step Functions API reference, GetExecutionHistory. */
const pageSize = 1000;

const ends = ['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionTimedOut', 'ExecutionAborted'];

/**
 * Follows an execution until it ends or the signal is aborted.
 * @returns its history up to then
 * @throws FollowError if AWS no longer responds
 */
export async function follow(
  sfn: SFNClient,
  executionArn: string,
  { onEvent, wait, signal }: FollowOptions,
): Promise<HistoryEvent[]> {
  const events: AwsEvent[] = [];
  let told: HistoryEvent[] = [];
  for (;;) {
    events.push(...(await newEvents(sfn, executionArn, events.at(-1)?.id ?? 0)));
    const known = fromAwsHistory(events);
    for (const [i, event] of known.entries()) if (i >= told.length) onEvent(event, known.slice(0, i + 1));
    told = known;
    if (ends.includes(events.at(-1)?.type ?? '') || signal.aborted) break;
    await wait(lookEveryMs, signal);
  }
  return told;
}

/** The events after a given one: read from the newest back, so that a read takes one call however long the history is. */
async function newEvents(sfn: SFNClient, executionArn: string, after: number): Promise<AwsEvent[]> {
  const found: AwsEvent[] = [];
  let nextToken: string | undefined;
  do {
    const { events = [], nextToken: next } = await page(sfn, executionArn, nextToken);
    const parsed = events.map((event) => awsEventSchema.parse(event));
    found.push(...parsed.filter(({ id }) => id > after));
    nextToken = parsed.some(({ id }) => id <= after) ? undefined : next;
  } while (nextToken !== undefined);
  // If the response is not consistent yet, only events without a gap; the rest comes with the next read.
  return found.reverse().filter(({ id }, i) => id === after + i + 1);
}

async function page(
  sfn: SFNClient,
  executionArn: string,
  nextToken: string | undefined,
): Promise<Partial<GetExecutionHistoryOutput>> {
  const token = nextToken === undefined ? {} : { nextToken };
  const input = { executionArn, reverseOrder: true, maxResults: pageSize, includeExecutionData: true, ...token };
  try {
    return await sfn.send(new GetExecutionHistoryCommand(input));
  } catch (cause) {
    const { name, message } = cause as Error;
    // Not visible everywhere yet: it was started a moment ago. The ARN is right, because StartExecution returned it.
    if (name === 'ExecutionDoesNotExist') return { events: [] };
    throw new FollowError(`The execution continues, but its history can no longer be read (${name}: ${message}).`, {
      cause,
    });
  }
}
