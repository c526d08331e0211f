import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { refuseSwallowed } from './npm-swallowed';
import { needPartners, onlyOneOf } from './partners';
import { type ReportFormat, reportFormats } from './report/formats';
import type { MetricNaming } from './series/metric-naming';
import { metricOption } from './series/option';

/** The exit codes of the process. */
export const exitCodes = { asExpected: 0, notAsExpected: 1, badInput: 2, broken: 3, interrupted: 130 } as const;

/** Simulated seconds per real second: a five-minute restart takes two seconds, and can still be followed. */
const defaultSpeed = 160;

export interface Options {
  scenario: string;
  verbose?: boolean;
  /** Whether somebody said how fast: then it holds in a pipe too. */
  isPaced: boolean;
  all?: boolean;
  list?: boolean;
  json?: boolean;
  speed: number;
  metrics?: string;
  metric: MetricNaming;
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
  stage?: string;
  instance?: string;
  region?: string;
  yes?: boolean;
}

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be a number above 0, or Infinity');
  return value;
};
/** CloudWatch accepts 10, 30 and any multiple of 60 seconds (PutMetricAlarm, Period). */
const seconds = (text: string): number => {
  const value = positive(text);
  if (value !== 10 && value !== 30 && value % 60 !== 0)
    throw new InvalidArgumentError('must be 10, 30 or a multiple of 60');
  return value;
};
const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number of 1 or more');
  return value;
};
const instanceId = (text: string): string => {
  if (!/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(text))
    throw new InvalidArgumentError('must be an ID like i-0123456789abcdef0');
  return text;
};
const finite = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('must be a number');
  return value;
};

/** The command line of `npm run drill`. */
export function program(): Command {
  return new Command('drill')
    .description(
      'Runs a playbook on this machine: the packaged stack, the real handlers, a simulated cloud. Makes no AWS calls without --stage.',
    )
    .argument('[scenario]', 'the scenario to run, like --scenario')
    .option('--scenario <name>', 'the scenario to run', 'cpu-high-restart')
    .option('--verbose', 'show every state, instead of a summary')
    .option('--all', 'run every scenario, and print a table of the results')
    .option('--list', 'list the scenarios')
    .option('--json', 'print only the whole result, as one JSON document')
    .option(
      '--speed <n>',
      'simulated seconds per real second; Infinity for as fast as possible',
      positive,
      defaultSpeed,
    )
    .option(
      '--metrics <file>',
      'run a recorded series (CSV, or JSON from CloudWatch; see docs/series.md) through alarm and playbook',
    )
    .addOption(metricOption('with --metrics: '))
    .option('--threshold <n>', 'with --metrics: threshold of its alarm (default: the template’s)', finite)
    .option('--period <seconds>', 'with --metrics: period of its alarm (default: the template’s)', seconds)
    .option(
      '--chaos',
      'random drills with faults, crashes, instances and deliveries from a seed, each checked against the invariants',
    )
    .option('--seed <n>', 'with --chaos: the first seed', whole, 1)
    .option('--runs <n>', 'with --chaos: number of seeds', whole, 100)
    .option('--jobs <n>', 'with --all and --chaos: number of processes', whole, Math.min(2, availableParallelism()))
    .option('--report <folder>', 'write a report of each run to the folder, with an index')
    .addOption(
      new Option('--format <format>', 'with --report: an HTML page, or text for a ticket')
        .choices(reportFormats)
        .default('html'),
    )
    .option(
      '--history <file>',
      'show the path and write a report of a file from `aws stepfunctions get-execution-history`',
    )
    .option('--rerun', 'with --history: run the same input on today’s code, and show where the path differs')
    .option('--stage <stage>', 'really run the scenario’s playbook on a deployed stage, as a drill, and follow it live')
    .option('--instance <id>', 'with --stage: the instance (default: the only one opted in)', instanceId)
    .option('--region <region>', 'with --stage: the region (default: from your AWS settings)')
    .option('--yes', 'with --stage: do not ask for confirmation if the stage acts')
    .addHelpText(
      'after',
      `
Exit codes:
  0    the playbook met the scenario's expectations, or (--rerun) took the
       recorded path, or (--stage) succeeded
  1    it did not
  2    invalid usage; an invalid scenario, series or history; a project that
       cannot be packaged; a stage on which nothing was started
  3    the drill itself failed
  130  stopped by Ctrl-C: --all reports the finished runs, and an execution
       on a stage continues

Examples:
  npm run drill
  npm run drill -- stop-hangs --verbose
  npm run -s drill -- stop-hangs --json          # -s: no output of npm itself
  npm run drill -- --all --report reports        # then open reports/index.html
  npm run drill -- --metrics cpu.csv --threshold 90
  npm run drill -- --chaos --seed 42 --runs 1    # repeat one seed
  npm run drill -- --stage dev --scenario started-manually`,
    )
    .exitOverride();
}

/** The tasks; only one at a time. */
const tasks = ['list', 'all', 'chaos', 'metrics', 'history'];

/** The options that need another option. */
const partners = {
  metric: ['metrics'],
  threshold: ['metrics'],
  period: ['metrics'],
  seed: ['chaos'],
  runs: ['chaos'],
  jobs: ['all', 'chaos'],
  format: ['report'],
  rerun: ['history'],
  instance: ['stage'],
  region: ['stage'],
  yes: ['stage'],
};

/** The scenario once, as an argument or as an option. */
function onlyOneArgument(command: Command, named: string): void {
  const isTwice = command.getOptionValueSource('scenario') === 'cli' && command.opts<Options>().scenario !== named;
  if (isTwice) command.error(`error: the argument '${named}' and '--scenario' cannot be used together`);
}

/**
 * Parses the command line. @param argv the arguments after the command
 * @throws CommanderError after it has reported the error, or printed the requested help (exit code 0)
 */
export function parseOptions(argv: readonly string[]): Options {
  const command = program().parse(argv, { from: 'user' });
  refuseSwallowed(command);
  const [named] = command.args;
  if (named !== undefined) {
    onlyOneArgument(command, named);
    command.setOptionValueWithSource('scenario', named, 'cli');
  }
  onlyOneOf(command, [...tasks, 'scenario']);
  onlyOneOf(command, [...tasks, 'stage']);
  for (const noReport of ['list', 'chaos']) onlyOneOf(command, [noReport, 'report']);
  for (const task of ['list', 'all', 'chaos', 'json']) onlyOneOf(command, [task, 'verbose']);
  needPartners(command, partners);
  return { ...command.opts<Options>(), isPaced: command.getOptionValueSource('speed') === 'cli' };
}
