import { Command, Option } from 'commander';
import { asCommand } from '../drill/command-line';
import { InputFileError } from '../drill/input/input-file-error';
import { shown } from '../drill/render/shown';
import { checkValues } from '../drill/series/plausible';
import { readSeries } from '../drill/series/read';
import { type SeriesTable, tableOf } from '../drill/series/table';
import { defaultDetector, detectors } from '../functions/anomaly/detectors/registry';
import { whyUnknown } from '../functions/anomaly/frame';
import { writeScores } from './scoring/write-csv';

interface Options {
  metrics?: string;
  detector: string;
  explain?: boolean;
  alerts?: boolean;
  threshold?: boolean;
}

/** The exit codes of the process. */
export const exitCodes = { done: 0, badInput: 2 } as const;

export function program(): Command {
  return new Command('score')
    .description('Scores each row of a metrics file, using only earlier rows.')
    .option('--metrics <file>', 'CSV with timestamp and one or more columns of values, or an export of CloudWatch')
    .addOption(
      new Option('--detector <name>', 'the detector').choices([...detectors.keys()]).default(defaultDetector.name),
    )
    .option('--explain', 'add a sentence to each row')
    .option('--alerts', 'add a column with the score of each row that starts an alert, and 0 elsewhere')
    .option('--threshold', 'print the anomaly threshold, and exit')
    .addHelpText('after', '\nExit codes:\n  0  done\n  2  invalid usage, or an invalid file')
    .exitOverride();
}

function warnings({ frame, at }: SeriesTable, remarks: readonly string[]): string[] {
  const unknown = frame.series.flatMap(({ metric, values }) => {
    const why = whyUnknown(values);
    return why ? [`${metric} is unknown: ${why}`] : [];
  });
  const isSorted = at.every((index, row) => row === 0 || index > at[row - 1]!);
  const sorted = isSorted ? [] : ['rows are out of order or duplicated: scored by time, and written in file order'];
  return [...remarks, ...unknown, ...sorted];
}

async function run(
  { metrics, detector, explain = false, alerts = false, threshold }: Options,
  command: Command,
): Promise<string> {
  const chosen = detectors.get(detector)!;
  if (threshold) return `${chosen.threshold}\n`;
  if (!metrics) return command.error('error: --metrics FILE is required');
  const series = await readSeries(metrics);
  for (const column of series.columns) if (column.metric !== undefined) checkValues(column, column.metric);
  const table = tableOf(series);
  for (const line of warnings(table, series.remarks))
    process.stderr.write(`${shown(line)}
`);
  return writeScores(table, chosen.score(table.frame), explain, alerts ? chosen.threshold : undefined);
}

/** Parses the arguments, scores, and reports errors on standard error. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  const command = program();
  try {
    command.parse(argv, { from: 'user' });
    process.stdout.write(await run(command.opts<Options>(), command));
    return exitCodes.done;
  } catch (error) {
    if (error instanceof InputFileError) process.stderr.write(`${shown(error.message)}\n`);
    else if ((error as { code?: string }).code?.startsWith('commander.') !== true) throw error;
    return (error as { exitCode?: number }).exitCode === 0 ? exitCodes.done : exitCodes.badInput;
  }
}

if (require.main === module) void asCommand(() => main(process.argv.slice(2)));
