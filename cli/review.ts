import { readFileSync, writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { toPage } from '../drill/report/review-page';
import { toMarkdown } from '../functions/review/markdown';
import { readIncidents } from '../functions/review/read-incidents';
import { mostSeries, readSeries } from '../functions/review/read-series';
import { type ReviewRecord, reviewRecordSchema } from '../functions/review/record';
import type { AlarmSeries } from '../functions/review/replay';
import { alarmsToRead, type Review, review } from '../functions/review/review';
import { PlaybookError } from '../functions/shared/errors';
import { askStage } from './ask-stage';

/** The records file is not valid; the message names the file and the place in it. */
export class RecordsFileError extends PlaybookError {}

interface Options {
  stage: string;
  records?: string;
  days: number;
  until?: string;
  out: string;
}

const seriesSchema = z.object({
  alarmName: z.string(),
  metric: z.string(),
  periodSeconds: z.number().positive(),
  threshold: z.number(),
  breachesAtThreshold: z.boolean(),
  evaluationPeriods: z.number().int().positive(),
  datapointsToAlarm: z.number().int().positive(),
  times: z.array(z.number()),
  values: z.array(z.number()),
});

/** The contents of a records file: the records, and the alarms' metrics if thresholds are to be tried. */
export interface Recorded {
  records: ReviewRecord[];
  series: AlarmSeries[];
}

/**
 * Parses a records file: a JSON list of records, or an object with `records` and `series`.
 * @throws RecordsFileError with line and column where the JSON is not valid, or with the record and field that are not valid
 */
export function parseRecords(text: string, file: string): Recorded {
  const parsed = parseJson(text, file);
  const whole = z.object({ records: z.array(z.unknown()), series: z.array(seriesSchema).default([]) });
  const found = whole.safeParse(Array.isArray(parsed) ? { records: parsed } : parsed);
  if (!found.success)
    throw new RecordsFileError(`${file}: ${placeOf(found.error.issues[0]?.path)}: ${found.error.issues[0]?.message}`);
  const records = found.data.records.map((one, index) => {
    const record = reviewRecordSchema.safeParse(one);
    if (record.success) return record.data;
    const issue = record.error.issues[0];
    throw new RecordsFileError(
      `${file}: ${placeOf(['records', index, ...(issue?.path ?? [])])}: is missing or not valid`,
    );
  });
  return { records, series: found.data.series };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // JSON.parse does not always give the position; the YAML parser in strict mode does.
    const lineCounter = new LineCounter();
    const [problem] = parseDocument(text, { schema: 'json', lineCounter }).errors;
    const { line, col } = lineCounter.linePos(problem?.pos[0] ?? text.length);
    throw new RecordsFileError(`${file}:${line}:${col}: this is not valid JSON`, { cause });
  }
}

const placeOf = (path: readonly PropertyKey[] = []) =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '') || 'the file';

/** Reads a stage's records from its table and its alarms' metrics from CloudWatch. Read-only. */
async function readStage(stage: string, from: Date, until: Date): Promise<Recorded> {
  const tableName = `incident-playbooks-${stage}-incidents`;
  return askStage(`Stage ${stage} could not be read from ${tableName}`, async () => {
    const records = await readIncidents(tableName, from, until);
    return { records, series: await readSeries(alarmsToRead(records, mostSeries), from, until) };
  });
}

const wholeDays = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 400)
    throw new InvalidArgumentError('must be a whole number of days from 1 to 400');
  return value;
};

/** Reviews a stage, or records from a file. */
export async function reviewOf({ stage, records, days, until }: Options, now: Date): Promise<Review> {
  const recorded = records === undefined ? undefined : parseRecords(readFileSync(records, 'utf8'), records);
  const newest = recorded?.records.map(({ openedAt }) => Date.parse(openedAt)).reduce((a, b) => Math.max(a, b), 0);
  // A file is reviewed up to its newest record.
  const end = until ? new Date(until) : newest ? new Date(newest + 1) : now;
  if (Number.isNaN(end.getTime()))
    throw new RecordsFileError(`--until: ${until} is not a valid time; use the form 2026-11-24T00:00:00Z`);
  const from = new Date(end.getTime() - days * 86_400_000);
  const { records: all, series } = recorded ?? (await readStage(stage, from, end));
  return review(all, series, { stage, from, until: end });
}

export function program(): Command {
  return new Command('review')
    .description(
      'Reviews the incidents of a stage, or of a records file: prints a summary and writes a page. Changes nothing.',
    )
    .option('--stage <stage>', 'the stage', 'dev')
    .option('--records <file>', 'a JSON file with records, instead of the stage’s table')
    .option('--days <n>', 'how many days to look back', wholeDays, 28)
    .option('--until <instant>', 'end of the period; by default now, or the newest record in the file')
    .option('--out <file>', 'file to write the page to', 'review.html')
    .exitOverride();
}

/** Parses the arguments, reviews, and reports errors on standard error. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  const command = program();
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    return (error as { exitCode?: number }).exitCode === 0 ? 0 : 2;
  }
  const options = command.opts<Options>();
  try {
    const found = await reviewOf(options, new Date());
    writeFileSync(options.out, toPage(found));
    process.stdout.write(`${toMarkdown(found)}\n\nPage: ${options.out}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof PlaybookError) && !(error as NodeJS.ErrnoException).code) throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    return 2;
  }
}

if (require.main === module) {
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
