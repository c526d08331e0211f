import { PlaybookError } from '../functions/shared/errors';
import { brokenOf, runChaos } from './chaos/command';
import { InputFileError } from './input/input-file-error';
import { allProgressFor } from './live/all';
import { untilInterrupted } from './live/interrupt';
import { runOne } from './one';
import { exitCodes, type Options, parseOptions } from './options';
import { type Paint, paintFor } from './render/paint';
import { replay } from './replay/command';
import { reportOn } from './report/command';
import { loadScenario, scenarioNames } from './scenario/load';
import type { DrillResult } from './scenario/result';
import { runAll } from './scenario/run-all';
import { stopRecordStore } from './stack/record-store';
import { runOnStage } from './stage/run';

/** Errors in the user's input; any other error is a failure of the drill itself. */
const inputErrors = [
  'ScenarioError',
  'ScenarioStartError',
  'InvalidInputError',
  'RerunError',
  'ReportFolderError',
  'StageError',
  'PackagingError',
  'TemplateError',
];

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
    return runCatalogue(options, sayOne, write, paint);
  }
  if (options.history !== undefined) {
    const result = await replay({ ...options, history: options.history }, sayOne, paint);
    if (isQuiet) write(JSON.stringify(result));
    return result.same === false ? exitCodes.notAsExpected : exitCodes.asExpected;
  }
  if (options.stage !== undefined) return runOnStage({ ...options, stage: options.stage }, sayOne, write, paint);
  const result = await runOne(options, sayOne, paint);
  if (isQuiet) write(JSON.stringify(result));
  return codeOf(result);
}

/** Runs every scenario. Ctrl-C stops it, with the table and the reports of finished runs. */
async function runCatalogue(
  options: Options,
  say: (line: string) => void,
  write: (line: string) => void,
  paint: Paint,
): Promise<number> {
  return untilInterrupted(async (signal) => {
    const progress = allProgressFor(options.json ? {} : process.stdout, say);
    const results = await runAll({ jobs: options.jobs, say, paint, progress, signal });
    await reportOn(results, options, say);
    if (options.json) write(JSON.stringify(results));
    if (signal.aborted) return exitCodes.interrupted;
    return results.every(({ ok }) => ok) ? exitCodes.asExpected : exitCodes.notAsExpected;
  });
}

const codeOf = ({ ok }: Pick<DrillResult, 'ok'>) => (ok ? exitCodes.asExpected : exitCodes.notAsExpected);

/** Parses the arguments, runs, and reports errors on standard error. @returns the exit code */
export async function main(
  argv: readonly string[],
  write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(argv);
  } catch (error) {
    return (error as { exitCode?: number }).exitCode === 0 ? exitCodes.asExpected : exitCodes.badInput;
  }
  try {
    return await run(options, write, paintFor(process.stdout));
  } catch (error) {
    const isNamed = error instanceof PlaybookError && inputErrors.includes(error.name);
    const isInput = isNamed || error instanceof InputFileError;
    process.stderr.write(isInput ? `${error.message}\n` : `The drill failed: ${(error as Error).stack}\n`);
    return isInput ? exitCodes.badInput : exitCodes.broken;
  }
}

if (require.main === module) {
  // A reader that has enough (head, less) closes the pipe, which is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? 0 : exitCodes.broken),
  );
  // An unhandled error is a failure of the drill itself: it must not look like a failed playbook.
  process.on('unhandledRejection', (error) => {
    process.stderr.write(`The drill failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(exitCodes.broken);
  });
  void main(process.argv.slice(2))
    .then((code) => {
      process.exitCode = code;
    })
    .finally(stopRecordStore);
}
