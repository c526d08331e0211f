import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { PlaybookError } from '../../functions/shared/errors';

/** A history cannot be read, or is not whole; the message names the file and what is wrong with it. */
export class HistoryError extends PlaybookError {}

/** The CLI writes ISO 8601 (version 2) or seconds since 1970 (version 1). */
const timestampSchema = z
  .union([z.number(), z.string(), z.date()])
  .transform((value) => (typeof value === 'number' ? value * 1000 : new Date(value).getTime()))
  .refine(Number.isFinite, 'is no point in time');

const text = z.string().optional();
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

const fileSchema = z.object({ events: z.array(awsEventSchema).min(1, 'holds no events') });

/**
 * Reads what `aws stepfunctions get-execution-history` wrote (also with `--reverse-order`), oldest event first.
 * @throws HistoryError when it is missing, no JSON, of another form, or not whole
 */
export async function readHistory(file: string): Promise<AwsEvent[]> {
  let content: string;
  try {
    content = (await readFile(file, 'utf8')).replace(/^\ufeff/, '');
  } catch (cause) {
    throw new HistoryError(`${file}: cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, {
      cause,
    });
  }
  return parseHistory(content, file);
}

/** As `readHistory`, of a text. */
export function parseHistory(content: string, file: string): AwsEvent[] {
  const parsed = fileSchema.safeParse(parseJson(content, file));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new HistoryError(`${file}: ${path.join('.') || 'the document'}: ${message}`, { cause: parsed.error });
  }
  return whole(
    [...parsed.data.events].sort((a, b) => a.id - b.id),
    file,
  );
}

function parseJson(content: string, file: string): unknown {
  if (content.trim() === '') throw new HistoryError(`${file}: is empty`);
  try {
    return JSON.parse(content);
  } catch (cause) {
    const lines = content.trimEnd().split('\n');
    const isCut = !/[\]}]$/.test(content.trimEnd());
    const where = isCut
      ? `ends within the document, at line ${lines.length}, column ${lines.at(-1)!.length}: the export was cut`
      : (cause as Error).message;
    throw new HistoryError(`${file}: is no whole JSON: ${where}`, { cause });
  }
}

/** Events are numbered from 1 without gaps. The end may be missing: then the execution has not ended yet. */
function whole(events: AwsEvent[], file: string): AwsEvent[] {
  const hint = 'export it anew, whole (without --max-items)';
  if (events[0]!.type !== 'ExecutionStarted')
    throw new HistoryError(
      `${file}: begins with event ${events[0]!.id} (${events[0]!.type}) instead of ExecutionStarted; ${hint}`,
    );
  const gap = events.findIndex(({ id }, i) => i > 0 && id !== events[i - 1]!.id + 1);
  if (gap > 0) {
    const [before, after] = [events[gap - 1]!.id, events[gap]!.id];
    const what =
      before === after ? `event ${after} is there twice` : `events ${before + 1} to ${after - 1} are missing`;
    throw new HistoryError(`${file}: ${what}; ${hint}`);
  }
  return events;
}
