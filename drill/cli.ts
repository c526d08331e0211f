import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { toMarkdown } from '../functions/review/markdown';
import { toPage } from '../functions/review/page';
import type { Review } from '../functions/review/review';
import { PlaybookError } from '../functions/shared/errors';
import { brokenOf, runChaos } from './chaos/command';
import { readSeries } from './metrics/read-series';
import { putSeries, replayScenario } from './metrics/replay';
import { manyExecutions } from './render/figures';
import { headLines, progressLine, resultLines } from './render/lines';
import { type Paint, paintFor } from './render/paint';
import { replay } from './replay/command';
import { reportOn } from './report/command';
import { type ReportFormat, reportFormats } from './report/write';
import { loadScenario, scenarioNames } from './scenario/load';
import type { DrillResult } from './scenario/result';
import { type RunOptions, runScenario } from './scenario/run';
import { runAll } from './scenario/run-all';
import type { Scenario } from './scenario/schema';
import { stopRecordStore } from './stack/record-store';
import type { VirtualTime } from './time/virtual-time';

/** What the process ends with. */
export const exitCodes = { asExpected: 0, notAsExpected: 1, badInput: 2, broken: 3 } as const;

/** Errors of what the user gave; anything else is the drill's own trouble. */
const inputErrors = [
  'ScenarioError',
  'SeriesError',
  'ScenarioStartError',
  'InvalidInputError',
  'ReportFolderError',
  'HistoryError',
];

/** Simulated seconds a real second, slow enough to read along. */
const defaultSpeed = 40;

interface Options {
  scenario: string;
  all?: boolean;
  list?: boolean;
  json?: boolean;
  speed: number;
  metrics?: string;
  metric: string;
  threshold?: number;
  period?: number;
  chaos?: boolean;
  seed: number;
  runs: number;
  jobs: number;
  report?: string;
  format: ReportFormat;
  history?: string;
  rerun?: boolean;
}

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('a number above 0, or Infinity');
  return value;
};
/** CloudWatch takes 10, 30 and any multiple of 60 seconds (PutMetricAlarm, Period). */
const seconds = (text: string): number => {
  const value = positive(text);
  if (value !== 10 && value !== 30 && value % 60 !== 0) throw new InvalidArgumentError('10, 30 or a multiple of 60');
  return value;
};
const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1 on');
  return value;
};
const finite = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('a number');
  return value;
};

export function program(): Command {
  return new Command('drill')
    .description(
      'Runs a playbook on this machine: the packaged stack, the real handlers, a simulated cloud. Asks AWS nothing.',
    )
    .option('--scenario <name>', 'the scenario to run', 'cpu-high-restart')
    .option('--all', 'every scenario, with a table of what came of it')
    .option('--list', 'the scenarios there are')
    .option('--json', 'the whole result as one JSON document, nothing else on the standard output')
    .option('--speed <n>', 'simulated seconds a real second; Infinity for as fast as it goes', positive, defaultSpeed)
    .option('--metrics <file>', 'a recorded series (CSV: timestamp,value) through alarm and playbook')
    .option('--metric <name>', 'with --metrics: which metric the series is', 'CPUUtilization')
    .option('--threshold <n>', 'with --metrics: the threshold of its alarm (the template’s unless given)', finite)
    .option('--period <seconds>', 'with --metrics: the period of its alarm (the template’s unless given)', seconds)
    .option(
      '--chaos',
      'random drills: faults, crashes, instances and deliveries drawn from a seed, each checked against the invariants',
    )
    .option('--seed <n>', 'with --chaos: the first seed', whole, 1)
    .option('--runs <n>', 'with --chaos: how many seeds from there on', whole, 100)
    .option('--jobs <n>', 'with --all and --chaos: how many processes', whole, Math.min(2, availableParallelism()))
    .option('--report <folder>', 'write a report of each run into the folder, and an index over all of them')
    .addOption(
      new Option('--format <format>', 'with --report: a page, or text for a ticket')
        .choices(reportFormats)
        .default('html'),
    )
    .option('--history <file>', 'what `aws stepfunctions get-execution-history` exported: its path, and a report of it')
    .option('--rerun', 'with --history: the same input on today’s code, and where the path differs')
    .addHelpText(
      'after',
      `
Exit codes:
  0  the playbook did what the scenario says, or (--rerun) what was recorded
  1  it did not
  2  bad usage, or a scenario, series or history that is wrong
  3  the drill itself broke

Examples:
  npm run drill
  npm run drill -- --scenario cpu-high-restart --speed Infinity
  npm run drill -- --all --report reports        # then open reports/index.html
  npm run drill -- --metrics cpu.csv --threshold 90
  npm run drill -- --chaos --seed 42 --runs 1    # one seed again`,
    )
    .exitOverride();
}

async function run(options: Options, write: (line: string) => void, paint: Paint): Promise<number> {
  if (options.list) {
    for (const name of await scenarioNames()) write(`${name.padEnd(28)} ${(await loadScenario(name)).story}`);
    return exitCodes.asExpected;
  }
  const isQuiet = options.json === true;
  const sayOne = (line: string) => {
    if (!isQuiet) write(line);
  };
  if (options.chaos) {
    const outcomes = await runChaos(options, sayOne, paint);
    if (isQuiet) write(JSON.stringify(outcomes));
    return brokenOf(outcomes).length === 0 ? exitCodes.asExpected : exitCodes.notAsExpected;
  }
  if (options.all) {
    const results = await runAll({ jobs: options.jobs, say: sayOne, paint });
    await reportOn(results, options, sayOne);
    if (isQuiet) write(JSON.stringify(results));
    return results.every(({ ok }) => ok) ? exitCodes.asExpected : exitCodes.notAsExpected;
  }
  if (options.history !== undefined) {
    const result = await replay({ ...options, history: options.history }, sayOne, paint);
    if (isQuiet) write(JSON.stringify(result));
    return result.same === false ? exitCodes.notAsExpected : exitCodes.asExpected;
  }
  const { scenario, onUp, ...prepared } = await prepare(options);
  const say = (lines: readonly string[]) => {
    for (const line of lines) sayOne(line);
  };
  say(headLines(scenario, paint));
  let time: VirtualTime | undefined;
  /** Executions that are told live; once there are many, the drill is only counted. */
  const told = new Set<string>();
  const result = await runScenario(scenario, {
    ...prepared,
    onPackaging: () => say([paint('dim', 'Packaging the stage, as for a deployment …'), '']),
    onUp: (stack) => {
      time = stack.time;
      onUp?.(stack);
    },
    onEvent: (execution, event) => {
      told.add(execution.id);
      if (told.size > manyExecutions) return time?.setSpeed(Number.POSITIVE_INFINITY);
      // The quiet time before an alarm passes at once; what the playbook does can be read along.
      if (!isQuiet && !options.metrics) time?.setSpeed(options.speed);
      say([progressLine(event, paint)].filter((line) => line !== undefined));
    },
  });
  say(['', ...resultLines(result, paint)]);
  await reportOn([result], options, sayOne);
  if (result.review) say(['', ...writeReview(result.scenario.name, result.review)]);
  if (isQuiet) write(JSON.stringify(result));
  return codeOf(result);
}

/** Writes the page of a drill's review. @returns the summary, and where the page is */
function writeReview(name: string, review: Review): string[] {
  const file = join('.drill', `${name}-review.html`);
  mkdirSync('.drill', { recursive: true });
  writeFileSync(file, toPage(review));
  return [...toMarkdown(review).split('\n'), '', `The page: ${file}`];
}

const codeOf = ({ ok }: DrillResult) => (ok ? exitCodes.asExpected : exitCodes.notAsExpected);

/** What to run: a scenario of the catalogue, or a recorded series. */
async function prepare({
  scenario,
  metrics,
  metric: metricName,
  threshold,
  period,
}: Options): Promise<{ scenario: Scenario } & RunOptions> {
  if (metrics === undefined) return { scenario: await loadScenario(scenario) };
  const series = await readSeries(metrics);
  const alarm = { ...(threshold === undefined ? {} : { threshold }), ...(period === undefined ? {} : { period }) };
  return {
    scenario: replayScenario(series),
    // Days of data hold hundreds of thousands of minutes: notices that are late do not matter here.
    schedules: false,
    onUp: (stack) => putSeries(stack, series, { metricName, ...alarm }),
  };
}

/** Parses the arguments, runs, and says on the standard error what is wrong. @returns the exit code */
export async function main(
  argv: readonly string[],
  write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Promise<number> {
  const command = program();
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    return (error as { exitCode?: number }).exitCode === 0 ? exitCodes.asExpected : exitCodes.badInput;
  }
  try {
    return await run(command.opts<Options>(), write, paintFor(process.stdout));
  } catch (error) {
    const isInput = error instanceof PlaybookError && inputErrors.includes(error.name);
    process.stderr.write(isInput ? `${error.message}\n` : `The drill broke: ${(error as Error).stack}\n`);
    return isInput ? exitCodes.badInput : exitCodes.broken;
  }
}

if (require.main === module) {
  // A reader that has seen enough (head, less) closes the pipe: that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? 0 : exitCodes.broken),
  );
  // An error that nobody waits for is the drill's own: it must not pass for a playbook that went wrong.
  process.on('unhandledRejection', (error) => {
    process.stderr.write(`The drill broke: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(exitCodes.broken);
  });
  void main(process.argv.slice(2))
    .then((code) => {
      process.exitCode = code;
    })
    .finally(stopRecordStore);
}
