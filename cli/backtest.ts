import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { Listr } from 'listr2';
import type { SeriesSource, StageSettings } from '../drill/backtest/model';
import { asCommand } from '../drill/command-line';
import { InputFileError } from '../drill/input/input-file-error';
import { readText } from '../drill/input/read-text';
import { untilInterrupted } from '../drill/live/interrupt';
import { PackagingError } from '../drill/packaging/package-stage';
import { needPartners, onlyOneOf } from '../drill/partners';
import { shown } from '../drill/render/shown';
import type { Band } from '../drill/report/chart';
import { askStage, StageCallError } from './ask-stage';
import { chooseSettings } from './backtest/choose-settings';
import { fromFiles } from './backtest/from-files';
import { fromStage } from './backtest/from-stage';
import { LabelsError, parseLabels } from './backtest/labels';
import { onFile } from './backtest/on-file';
import { exitCodes, type Options, program } from './backtest/options';
import { progress, report } from './backtest/report';
import { type BacktestResult, backtest } from './backtest/run';
import { sampleFleet } from './backtest/sample';
import { BacktestError, type Overrides } from './backtest/settings';

export { exitCodes, program };

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

const complain = (text: string) => process.stderr.write(`${shown(text)}\n`);

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
