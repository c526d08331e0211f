import { z } from 'zod';
import { InputFileError, type Refuse } from '../input/input-file-error';
import { readInstant } from '../input/instant';
import { JsonText } from '../input/json';
import { quote } from '../input/quote';
import { readText } from '../input/read-text';

/** A history cannot be used, or is not complete; the message begins with file, line and column and ends with what to do. */
export class HistoryError extends InputFileError {}

/** The CLI writes ISO 8601 (version 2) or seconds since 1970 (version 1); SDKs return dates, and scripts use milliseconds. */
const timestampSchema = z.unknown().transform((value, context) => {
  const { at, why } =
    typeof value === 'number' || typeof value === 'string'
      ? readInstant(value)
      : value instanceof Date
        ? readInstant(value.getTime())
        : { why: 'is not a time like 2026-03-02T09:00:00Z' };
  if (at !== undefined) return at;
  context.addIssue({ code: 'custom', message: value === undefined ? 'is missing' : `${quote(value)} ${why}` });
  return z.NEVER;
});

/** Some tools write null for a missing field. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined)
  .optional();
const failure = z.object({ error: text, cause: text }).optional();

/** An event of GetExecutionHistory, as far as a report needs it. Source: Step Functions API reference, HistoryEvent. */
export const awsEventSchema = z.object({
  id: z.number().int(),
  previousEventId: z.number().int().default(0),
  timestamp: timestampSchema,
  type: z.string(),
  executionStartedEventDetails: z
    .object({ input: text, stateMachineVersionArn: text, stateMachineAliasArn: text })
    .optional(),
  executionSucceededEventDetails: z.object({ output: text }).optional(),
  executionFailedEventDetails: failure,
  executionAbortedEventDetails: failure,
  executionTimedOutEventDetails: failure,
  stateEnteredEventDetails: z.object({ name: z.string(), input: text }).optional(),
  stateExitedEventDetails: z.object({ name: z.string(), output: text }).optional(),
  mapIterationStartedEventDetails: z.object({ index: z.number().int().optional() }).optional(),
  taskFailedEventDetails: failure,
  taskTimedOutEventDetails: failure,
  taskStartFailedEventDetails: failure,
  taskSubmitFailedEventDetails: failure,
  lambdaFunctionFailedEventDetails: failure,
  lambdaFunctionTimedOutEventDetails: failure,
  lambdaFunctionScheduleFailedEventDetails: failure,
  lambdaFunctionStartFailedEventDetails: failure,
});
export type AwsEvent = z.output<typeof awsEventSchema>;

const token = z.string().nullish();
const fileSchema = z.object({
  events: z.array(awsEventSchema).min(1, 'has no events'),
  // From the API, and from the AWS CLI with --max-items.
  nextToken: token,
  NextToken: token,
});

/** An execution's events, oldest first. */
export interface RecordedHistory {
  events: AwsEvent[];
  /** Whether the export says that there is more: then the execution's end is unknown. */
  isCut: boolean;
}

const howToExport =
  'Export it with `aws stepfunctions get-execution-history --execution-arn ARN --output json`, without --max-items and --no-paginate';

/**
 * Reads the output of `aws stepfunctions get-execution-history` (also with `--reverse-order`), oldest event first.
 * @throws HistoryError if it is missing, not JSON, in another format, or not complete
 */
export async function readHistory(file: string): Promise<RecordedHistory> {
  return parseHistory(await readText(file, HistoryError), file);
}

/** Like `readHistory`, for text in memory. */
export function parseHistory(content: string, file: string): RecordedHistory {
  const refuse: Refuse = (line, column, what, more) => new HistoryError({ file, line, column }, what, more);
  if (content.trim() === '') throw refuse(1, 1, 'the file is empty', { howTo: howToExport });
  const json = new JsonText(content, refuse);
  if (typeof json.value !== 'object' || json.value === null || !('events' in json.value))
    throw json.refuse([], 'is not a history: it has no "events"', { howTo: howToExport });
  const { events, nextToken, NextToken } = json.read(fileSchema);
  const sorted = [...events.keys()].sort((a, b) => events[a]!.id - events[b]!.id);
  checkWhole(
    sorted.map((index) => ({ index, event: events[index]! })),
    json,
  );
  return { events: sorted.map((index) => events[index]!), isCut: (nextToken ?? NextToken) != null };
}

/** Events are numbered from 1 without gaps. If the end is missing, the execution has not ended yet. */
function checkWhole(events: readonly { index: number; event: AwsEvent }[], json: JsonText): void {
  const refuse = (index: number, what: string) => json.refuse(['events', index], what, { howTo: howToExport });
  const [first] = events;
  if (first!.event.type !== 'ExecutionStarted') {
    const { id, type } = first!.event;
    throw refuse(first!.index, `begins with event ${id} (${quote(type)}) instead of ExecutionStarted`);
  }
  for (const [i, { index, event }] of events.entries()) {
    // Following the chain back to where a state was entered would never end.
    if (event.previousEventId >= event.id || event.previousEventId < 0)
      throw json.refuse(['events', index, 'previousEventId'], 'is not the number of an earlier event');
    const before = events[i - 1]?.event.id ?? event.id - 1;
    if (event.id === before + 1) continue;
    const lost = event.id === before + 2 ? `event ${before + 1} is` : `events ${before + 1} to ${event.id - 1} are`;
    throw refuse(index, event.id === before ? `event ${event.id} occurs twice` : `${lost} missing`);
  }
}
