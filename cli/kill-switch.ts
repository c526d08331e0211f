import { Command } from 'commander';
import { asCommand, endingWithTwo } from '../drill/command-line';
import { shown } from '../drill/render/shown';
import { PlaybookError } from '../functions/shared/errors';
import { asRegions, asStage } from './arguments';
import { askStage } from './ask-stage';
import { inEachCell, type Region, readCell, turnCell } from './kill-switch/cells';
import { cellLines, notReached, stateOf } from './kill-switch/lines';

export { killSwitchItem } from './kill-switch/cells';

/** Cells of the stage could not be reached: what they do is not known. */
class CellsNotReachedError extends PlaybookError {}

interface Options {
  stage: string;
  on?: boolean;
  off?: boolean;
  show?: boolean;
  reason?: string;
  by?: string;
  region?: string[];
  allRegions?: boolean;
}

const program = endingWithTwo(new Command('kill-switch'))
  .description(
    'Stops all changes of a stage at once, or allows them again. Running executions see it before their next change.',
  )
  .requiredOption('--stage <stage>', 'the stage, for example prod', asStage)
  .option('--on', 'stop all changes')
  .option('--off', 'allow changes again')
  .option('--show', 'show the state of the switch, and change nothing')
  .option('--region <list>', 'the regions to reach, with commas; by default AWS_REGION alone', asRegions)
  .option('--all-regions', 'every region that resources/stages.yml names for the stage (cellRegions)')
  .option('--reason <text>', 'the reason, shown in each skipped incident; required with --on and --off')
  .option('--by <name>', 'on whose behalf; who did it is read from your AWS credentials')
  .addHelpText(
    'after',
    `
A region that cannot be reached is named; the switch is turned in the others all the same.

Exit codes:
  0    every region was reached
  2    invalid usage, or a region was not reached`,
  );

async function main(): Promise<void> {
  const options = program.parse().opts<Options>();
  const { on, off, show, reason, region, allRegions } = options;
  if (show && (on || off)) program.error('pass --show alone: it changes nothing', { exitCode: 2 });
  if (!show && on === off && reason !== undefined) program.error('pass either --on or --off', { exitCode: 2 });
  if (!show && reason === undefined)
    program.error("error: required option '--reason <text>' not specified", { exitCode: 2 });
  if (!show && reason?.trim() === '') program.error('--reason must say why', { exitCode: 2 });
  if (region && allRegions) program.error('pass either --region or --all-regions', { exitCode: 2 });
  const regions = allRegions ? await listedRegions(options.stage) : (region ?? [undefined]);
  if (show) await showCells(regions, options.stage);
  else await turn(regions, { ...options, on: on === true, reason: reason ?? '' });
}

/** The regions of the stage's cells. They are read from the project: in an emergency nothing has to be asked first. */
async function listedRegions(stage: string): Promise<string[]> {
  const { paramsOf } = await import('./doctor/project');
  const { cellRegions } = paramsOf(stage);
  if (cellRegions) return cellRegions.split(',');
  return program.error(
    `resources/stages.yml names no cellRegions for ${stage}: name the regions that it is deployed in there, or pass --region`,
    { exitCode: 2 },
  );
}

type Turned = Parameters<typeof turnCell>[1];

async function turn(regions: readonly Region[], turned: Turned): Promise<void> {
  const { stage, on } = turned;
  const words = on ? 'on: nothing will be changed' : 'off';
  await reach(regions, stage, {
    work: (region) =>
      turnCell(region, turned, new Date(), (why) =>
        process.stderr.write(`AWS did not confirm who you are: ${shown(why)}\n`),
      ),
    say: () => words,
    failed: `The kill switch of ${stage} was NOT changed`,
    missing: (where) =>
      `The kill switch of ${stage} was NOT changed in ${where}: stop those in another way (docs/operating.md#the-kill-switch).`,
  });
  if (!isOfEnvironment(regions))
    console.log(`The kill switch of ${stage} is ${words}, in all ${regions.length} regions.`);
}

const showCells = (regions: readonly Region[], stage: string): Promise<void> =>
  reach(regions, stage, {
    work: (region) => readCell(region, stage),
    say: stateOf,
    failed: `The kill switch of ${stage} could not be read`,
    missing: (where) => `How the kill switch of ${stage} is in ${where} is not known.`,
  });

/** What is done in each cell, and what is said of it. */
interface Errand<T> {
  work: (region: Region) => Promise<T>;
  say: (done: T) => string;
  /** Where the one region of the environment fails. */
  failed: string;
  /** Where some of the named regions fail. */
  missing: (where: string) => string;
}

const isOfEnvironment = (regions: readonly Region[]) => regions.length === 1 && regions[0] === undefined;

async function reach<T>(regions: readonly Region[], stage: string, errand: Errand<T>): Promise<void> {
  const { work, say, failed, missing } = errand;
  if (isOfEnvironment(regions)) {
    const done = await askStage(failed, () => work(undefined));
    console.log(`The kill switch of ${stage} is ${shown(say(done))}.`);
    return;
  }
  const ends = await inEachCell(regions, work);
  for (const line of cellLines(ends, say)) console.log(line);
  const where = notReached(ends);
  if (where.length > 0) throw new CellsNotReachedError(missing(where.join(', ')));
}

if (require.main === module) void asCommand(main);
