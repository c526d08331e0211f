import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { asCommand } from '../drill/command-line';
import { readInstant } from '../drill/input/instant';
import { shown } from '../drill/render/shown';
import { toPage } from '../drill/report/review-page';
import { toMarkdown } from '../functions/review/markdown';
import { type Review, review } from '../functions/review/review';
import { PlaybookError } from '../functions/shared/errors';
import { asAccount, asStage } from './arguments';
import { readFile, readStage } from './review/source';

interface Options {
  stage: string;
  account?: string;
  records?: string;
  days: number;
  until?: Date;
  out: string;
}

const wholeDays = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 400)
    throw new InvalidArgumentError('must be a whole number of days from 1 to 400');
  return value;
};

/** A review, and what a reader should know of what it was made from. */
export interface ReviewAndRemarks {
  review: Review;
  remarks: string[];
}

/** Reviews a stage, or records from a file. */
export async function reviewOf(options: Options, now: Date): Promise<ReviewAndRemarks> {
  const { stage, records: file, days, until } = options;
  const recorded = file === undefined ? undefined : await readFile(file, options.account);
  const newest = recorded?.records.map(({ openedAt }) => Date.parse(openedAt)).reduce((a, b) => Math.max(a, b), 0);
  // A file is reviewed up to its newest record.
  const end = until ?? (newest ? new Date(newest + 1) : now);
  const from = new Date(end.getTime() - days * 86_400_000);
  const { records, series, remarks, notRead } = recorded ?? (await readStage(options, from, end));
  return { review: review(records, series, { stage, from, until: end }, notRead), remarks };
}

const instant = (text: string): Date => {
  const { at, why } = readInstant(text);
  if (at === undefined) throw new InvalidArgumentError(`it ${why}`);
  return new Date(at);
};

export function program(): Command {
  return new Command('review')
    .description(
      'Reviews the incidents of a stage, or of a records file: prints a summary and writes a page. Changes nothing.',
    )
    .option('--stage <stage>', 'the stage', asStage, 'dev')
    .option('--account <id>', 'only incidents of this account, for a stage that looks after several', asAccount)
    .option(
      '--records <file>',
      'a scan of the stage’s table, or a JSON list of records, instead of the table (docs/series.md)',
    )
    .option('--days <n>', 'how many days to look back', wholeDays, 28)
    .option('--until <instant>', 'end of the period; by default now, or the newest record in the file', instant)
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
    const { review: found, remarks } = await reviewOf(options, new Date());
    writeFileSync(options.out, toPage(found));
    for (const remark of remarks) process.stderr.write(`${shown(remark)}\n`);
    process.stdout.write(`${shown(toMarkdown(found))}\n\nPage: ${options.out}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof PlaybookError) && !(error as NodeJS.ErrnoException).code) throw error;
    process.stderr.write(`${shown((error as Error).message)}\n`);
    return 2;
  }
}

if (require.main === module) void asCommand(() => main(process.argv.slice(2)));
