import { GetExecutionHistoryCommand, type GetExecutionHistoryOutput, type SFNClient } from '@aws-sdk/client-sfn';
import { fromAwsHistory } from '../history/convert';
import { type AwsEvent, awsEventSchema } from '../history/read';
import type { HistoryEvent } from '../stack/history';
import { FollowError } from './errors';

export interface FollowOptions {
  /** Told of each event as it becomes known. */
  onEvent: (event: HistoryEvent, soFar: readonly HistoryEvent[]) => void;
  /** Waits between two looks; resolves early when the signal is aborted. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Ends the following, not the execution. */
  signal: AbortSignal;
}

/** GetExecutionHistory is eventually consistent, and lets a client make 5 calls a second or more in every region. */
const lookEveryMs = 2000;
/** The most that one answer may hold. Source: Step Functions API reference, GetExecutionHistory. */
const pageSize = 1000;

const ends = ['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionTimedOut', 'ExecutionAborted'];

/**
 * Follows an execution until it ends or the signal is aborted.
 * @returns its history up to then
 * @throws FollowError when AWS does not answer any more
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

/** What came after an event: read from the newest back, so that a look costs one call however long the history is. */
async function newEvents(sfn: SFNClient, executionArn: string, after: number): Promise<AwsEvent[]> {
  const found: AwsEvent[] = [];
  let nextToken: string | undefined;
  do {
    const { events = [], nextToken: next } = await page(sfn, executionArn, nextToken);
    const parsed = events.map((event) => awsEventSchema.parse(event));
    found.push(...parsed.filter(({ id }) => id > after));
    nextToken = parsed.some(({ id }) => id <= after) ? undefined : next;
  } while (nextToken !== undefined);
  // Of an answer that is not consistent yet, what follows without a gap; the rest comes with the next look.
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
    // Not known yet everywhere: it was started a moment ago. A wrong ARN cannot be, since StartExecution gave it.
    if (name === 'ExecutionDoesNotExist') return { events: [] };
    throw new FollowError(`The execution goes on, but its history cannot be read any more (${name}: ${message}).`, {
      cause,
    });
  }
}
