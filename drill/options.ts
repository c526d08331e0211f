import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { needPartners, onlyOneOf } from './partners';
import { type ReportFormat, reportFormats } from './report/write';
import type { MetricNaming } from './series/naming';
import { metricOption } from './series/option';

/** What the process ends with. */
export const exitCodes = { asExpected: 0, notAsExpected: 1, badInput: 2, broken: 3, interrupted: 130 } as const;

/** Simulated seconds a real second, slow enough to read along. */
const defaultSpeed = 40;

export interface Options {
  scenario: string;
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
const instanceId = (text: string): string => {
  if (!/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(text)) throw new InvalidArgumentError('an id like i-0123456789abcdef0');
  return text;
};
const finite = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('a number');
  return value;
};

/** The command line of `npm run drill`. */
export function program(): Command {
  return new Command('drill')
    .description(
      'Runs a playbook on this machine: the packaged stack, the real handlers, a simulated cloud. Asks AWS nothing unless --stage is given.',
    )
    .option('--scenario <name>', 'the scenario to run', 'cpu-high-restart')
    .option('--all', 'every scenario, with a table of what came of it')
    .option('--list', 'the scenarios there are')
    .option('--json', 'the whole result as one JSON document, nothing else on the standard output')
    .option('--speed <n>', 'simulated seconds a real second; Infinity for as fast as it goes', positive, defaultSpeed)
    .option(
      '--metrics <file>',
      'a recorded series (CSV, or JSON of CloudWatch; docs/series.md) through alarm and playbook',
    )
    .addOption(metricOption('with --metrics: '))
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
    .option(
      '--stage <stage>',
      'the scenario’s playbook for real, on a deployed stage, as a drill that is followed live',
    )
    .option('--instance <id>', 'with --stage: the instance (the only one that is opted in unless given)', instanceId)
    .option('--region <region>', 'with --stage: the region (that of your AWS settings unless given)')
    .option('--yes', 'with --stage: do not ask before a stage acts')
    .addHelpText(
      'after',
      `
Exit codes:
  0    the playbook did what the scenario says, or (--rerun) what was recorded,
       or (--stage) ended green
  1    it did not
  2    bad usage; a scenario, series or history that is wrong; a project that
       cannot be packaged; a stage on which nothing was started
  3    the drill itself broke
  130  ended by Ctrl-C: --all tells of what had ended by then, and an execution
       on a stage goes on by itself

Examples:
  npm run drill
  npm run drill -- --scenario cpu-high-restart --speed Infinity
  npm run drill -- --all --report reports        # then open reports/index.html
  npm run drill -- --metrics cpu.csv --threshold 90
  npm run drill -- --chaos --seed 42 --runs 1    # one seed again
  npm run drill -- --stage dev --scenario started-manually`,
    )
    .exitOverride();
}

/** What there is to be done, one thing at a time. */
const tasks = ['list', 'all', 'chaos', 'metrics', 'history'];

/** Each option that says nothing by itself. */
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

/**
 * Reads the command line. @param argv what follows the command
 * @throws CommanderError after it has said what is wrong, or given the help that was asked for (exit code 0)
 */
export function parseOptions(argv: readonly string[]): Options {
  const command = program().parse(argv, { from: 'user' });
  onlyOneOf(command, [...tasks, 'scenario']);
  onlyOneOf(command, [...tasks, 'stage']);
  for (const noReport of ['list', 'chaos']) onlyOneOf(command, [noReport, 'report']);
  needPartners(command, partners);
  return command.opts<Options>();
}
