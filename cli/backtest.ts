import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { Command, InvalidArgumentError } from 'commander';
import { Listr } from 'listr2';
import type { SeriesSource, StageSettings } from '../drill/backtest/model';
import { figuresOf } from '../drill/backtest/totals';
import { asCommand } from '../drill/command-line';
import { InputFileError } from '../drill/input/input-file-error';
import { readText } from '../drill/input/read-text';
import { untilInterrupted } from '../drill/live/interrupt';
import { PackagingError } from '../drill/packaging/package-stage';
import { needPartners, onlyOneOf } from '../drill/partners';
import { shown, toJson } from '../drill/render/shown';
import type { Band } from '../drill/report/chart';
import { plural } from '../drill/report/words';
import type { MetricNaming } from '../drill/series/metric-naming';
import { metricOption } from '../drill/series/option';
import { askStage, StageCallError } from './ask-stage';
import { chooseSettings } from './backtest/choose-settings';
import { fromFiles } from './backtest/from-files';
import { fromStage } from './backtest/from-stage';
import { LabelsError, parseLabels } from './backtest/labels';
import { onFile } from './backtest/on-file';
import { renderBacktest } from './backtest/page';
import { type BacktestResult, backtest } from './backtest/run';
import { sampleFleet } from './backtest/sample';
import { BacktestError, type Overrides } from './backtest/settings';

/** The exit codes of the process. */
export const exitCodes = { done: 0, badInput: 2, broken: 3, interrupted: 130 } as const;

interface Options {
  metrics?: string;
  metric: MetricNaming;
  labels?: string;
  stage: string;
  days: number;
  threshold?: { metric?: string; value: number };
  datapoints?: { datapointsToAlarm: number; evaluationPeriods: number };
  sample?: number;
  report: string;
  json?: boolean;
}

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('must be a number above 0');
  return value;
};
/** `90`, or `NetworkOut=5000000000` for another metric than the usual one. */
const ofMetric = (text: string): { metric?: string; value: number } => {
  const at = text.lastIndexOf('=');
  return { ...(at < 0 ? {} : { metric: text.slice(0, at).trim() }), value: positive(text.slice(at + 1)) };
};
const ofPeriods = (text: string) => {
  const [datapointsToAlarm = 0, evaluationPeriods = 0] = text.split('/').map(Number);
  const isFine = Number.isInteger(datapointsToAlarm) && Number.isInteger(evaluationPeriods);
  if (!isFine || datapointsToAlarm < 1 || datapointsToAlarm > evaluationPeriods)
    throw new InvalidArgumentError('must have the form M/N, for example 3/5');
  return { datapointsToAlarm, evaluationPeriods };
};

export function program(): Command {
  return new Command('backtest')
    .description(
      'Replays alarms, scorer and guards over past metrics, to show what would have been restarted and what not.',
    )
    .option('--metrics <path>', 'a file of metrics, or a folder with one per instance (CSV or JSON; docs/series.md)')
    .addOption(metricOption('with --metrics: '))
    .option('--labels <file>', 'times of real trouble: CSV with instance,start,end, or JSON')
    .option(
      '--stage <stage>',
      'use the alarms and guards of this stage; without --metrics, also read its instances from CloudWatch',
      'dev',
    )
    .option('--days <n>', 'without --metrics: days to look back', positive, 14)
    .option('--threshold <n>', 'another threshold for the alarms of --metric, or METRIC=N', ofMetric)
    .option('--datapoints <m/n>', 'other datapoints to alarm for the load alarms', ofPeriods)
    .option('--sample <n>', 'a generated fleet of n instances, to see what the page looks like', positive)
    .option('--report <file>', 'file to write the page to', 'backtest.html')
    .option('--json', 'print the figures as one JSON document on standard output')
    .addHelpText(
      'after',
      `
Ctrl-C stops it after the current instance and writes a page of the results so far.

Exit codes:
  0    done
  2    invalid usage, or an invalid file
  3    the backtest itself failed
  130  stopped by Ctrl-C; the page covers the instances up to then`,
    )
    .exitOverride();
}

async function sourceOf(
  options: Options,
  { optInTag }: Pick<StageSettings, 'optInTag'>,
): Promise<{ source: SeriesSource; labels?: ReadonlyMap<string, Band[]> }> {
  if (options.sample !== undefined) return sampleFleet(Math.floor(options.sample));
  const labels =
    options.labels === undefined
      ? {}
      : { labels: parseLabels(await readText(options.labels, LabelsError), options.labels) };
  if (options.metrics !== undefined) return { source: await fromFiles(options.metrics, options.metric), ...labels };
  const request = {
    stage: options.stage,
    days: options.days,
    optInTag,
    now: new Date(),
  };
  const clients = { ec2: new EC2Client({}), cloudWatch: new CloudWatchClient({}) };
  const source = await askStage(`Stage ${options.stage} could not be read`, () => fromStage(request, clients));
  return { source, ...labels };
}

/** Labels that match no instance, usually because the name is spelled differently. */
function unusedLabels(labels: ReadonlyMap<string, Band[]> | undefined, { instances }: BacktestResult): string[] {
  const names = new Set(instances.map(({ name }) => name));
  return [...(labels?.keys() ?? [])].filter((name) => !names.has(name));
}

async function run(options: Options, isNamed: boolean, write: (line: string) => void): Promise<number> {
  // Before the replay, which may take long, so that an unwritable page is reported at once.
  const folder = dirname(options.report);
  await onFile(folder, 'cannot be created', () => mkdir(folder, { recursive: true }));
  const { threshold } = options;
  const overrides: Overrides = {
    ...(threshold ? { threshold: { metric: options.metric.usual, ...threshold } } : {}),
    ...(options.datapoints ? { datapoints: options.datapoints } : {}),
  };
  const isLive = options.metrics === undefined && options.sample === undefined;
  const { settings, remark } = await chooseSettings({ stage: options.stage, isNamed, isLive }, overrides);
  if (remark !== undefined) complain(remark);
  const { source, labels } = await sourceOf(options, settings);
  let result: BacktestResult | undefined;
  const replay = (signal: AbortSignal) =>
    new Listr(
      [
        {
          title: `Replaying ${source.what}`,
          task: async (_, task) => {
            const onProgress = (done: number, of: number) => {
              task.title = `Replaying ${source.what}: ${progress(done, of)}`;
            };
            result = await backtest(source, settings, {
              ...(labels ? { labels } : {}),
              onProgress,
              isStopped: () => signal.aborted,
            });
          },
        },
      ],
      { renderer: process.stdout.isTTY && !options.json ? 'default' : 'silent', registerSignalListeners: false },
    ).run();
  await untilInterrupted(replay);
  const code = await report(result!, options, write);
  // On standard error, because standard output may be one JSON document.
  if (code === exitCodes.done) {
    for (const name of unusedLabels(labels, result!)) {
      complain(`The labels of ${name} were not used: no instance of that name was replayed.`);
    }
    for (const name of source.unused?.() ?? [])
      complain(`--metric ${name}=… was not used: no file and no column has that name.`);
  }
  return code;
}

/** Instances that a terminal lists; the page has all. */
const mostTold = 10;

const complain = (text: string) => process.stderr.write(`${shown(text)}\n`);

/** `████████░░░░ 34 of 100` */
export function progress(done: number, of: number): string {
  const full = Math.round((done / of) * 20);
  return `${'█'.repeat(full)}${'░'.repeat(20 - full)} ${done} of ${of}`;
}

async function report(result: BacktestResult, options: Options, write: (line: string) => void): Promise<number> {
  await onFile(options.report, 'cannot be written', () => writeFile(options.report, renderBacktest(result)));
  const figures = figuresOf(result.totals);
  const isPartial = result.instances.length < result.expected;
  if (options.json) {
    const remarks = Object.fromEntries(
      result.instances.filter((one) => one.remarks.length > 0).map((one) => [one.name, one.remarks]),
    );
    const { readiness, sentence, precision } = result.verdict;
    const verdict = { readiness, sentence, ...(precision === undefined ? {} : { precision }) };
    const verdicts = result.instances.map((one) => one.verdict);
    write(toJson({ verdict, verdicts, ...figures, instances: result.instances.length, isPartial, remarks }));
  } else {
    for (const line of verdictLines(result)) write(line);
    const { alarms, restarts, vetoes, escalations, restartsPerWeek, labelled } = figures;
    write(
      `${plural(alarms, 'alarm')}: ${plural(restarts, 'restart')}, ${plural(vetoes, 'veto', 'vetoes')}, ${plural(escalations, 'escalation')}; ${restartsPerWeek?.toFixed(2) ?? 'no'} restarts per instance-week`,
    );
    if (labelled)
      write(
        `Compared with the labels: ${labelled.falseRestartsPerWeek?.toFixed(2) ?? 'no'} false restarts per instance-week, precision ${labelled.precision?.toFixed(2) ?? 'none'}, recall ${labelled.recall?.toFixed(2) ?? 'none'}`,
      );
    for (const { name, remarks } of result.instances) for (const remark of remarks) write(`${name}: ${remark}`);
    if (isPartial) write(`Stopped after ${result.instances.length} of ${result.expected} instances.`);
    write(`Page: ${options.report}`);
  }
  return isPartial ? exitCodes.interrupted : exitCodes.done;
}

/** The fleet's verdict, and every instance that needs a change or could not be judged; of many the first. */
function verdictLines({ verdict, instances }: BacktestResult): string[] {
  const told = instances.map((one) => one.verdict).filter((one) => one.readiness !== 'ready' || instances.length === 1);
  const shownOnes = told.slice(0, mostTold);
  return [
    verdict.sentence,
    ...(verdict.precision === undefined ? [] : [verdict.precision]),
    ...shownOnes.flatMap(({ name, why, command }) => [
      ...why.map((line) => `  ${name}: ${line}`),
      ...(command === undefined ? [] : [`    ${command}`]),
    ]),
    ...(told.length > mostTold ? [`  and ${told.length - mostTold} more; the page lists all`] : []),
    '',
  ];
}

/** Parses the arguments, runs, and reports errors on standard error. @returns the exit code */
export async function main(
  argv: readonly string[],
  write: (line: string) => void = (line) => process.stdout.write(`${shown(line)}\n`),
): Promise<number> {
  const command = program();
  try {
    command.parse(argv, { from: 'user' });
    onlyOneOf(command, ['metrics', 'sample']);
    onlyOneOf(command, ['labels', 'sample']);
    for (const source of ['metrics', 'sample']) onlyOneOf(command, [source, 'days']);
    needPartners(command, { metric: ['metrics'] });
  } catch (error) {
    return (error as { exitCode?: number }).exitCode === 0 ? exitCodes.done : exitCodes.badInput;
  }
  try {
    const isNamed = command.getOptionValueSource('stage') === 'cli';
    return await run(command.opts<Options>(), isNamed, write);
  } catch (error) {
    const isInput = [BacktestError, InputFileError, PackagingError, StageCallError].some(
      (kind) => error instanceof kind,
    );
    complain(isInput ? (error as Error).message : `The backtest failed: ${(error as Error).stack}`);
    return isInput ? exitCodes.badInput : exitCodes.broken;
  }
}

if (require.main === module) void asCommand(() => main(process.argv.slice(2)));
