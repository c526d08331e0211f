import { exitCodes, type Options } from './options';
import { type Paint, paintFor } from './render/paint';
import { toJson } from './render/shown';
import { prepareFolder } from './report/write';
import { loadScenario, scenarioNames } from './scenario/load';
import type { DrillResult } from './scenario/result';

/**
 * Does what the command line asks for.
 * @param write is given every line for the standard output
 * @returns the exit code
 */
export async function runTask(options: Options, write: (line: string) => void): Promise<number> {
  const paint = paintFor(process.stdout);
  if (options.list) {
    for (const name of await scenarioNames()) write(`${name.padEnd(28)} ${(await loadScenario(name)).story}`);
    return exitCodes.asExpected;
  }
  const isQuiet = options.json === true;
  const say = (line: string) => {
    if (!isQuiet) write(line);
  };
  // Before anything runs: a report that cannot be written is told at once.
  if (options.report !== undefined) await prepareFolder(options.report);
  // Each task loads only what it needs: a drill of one scenario waits for nothing else.
  if (options.chaos) {
    const { brokenOf, runChaos } = await import('./chaos/command');
    const outcomes = await runChaos(options, say, paint);
    if (isQuiet) write(toJson(outcomes));
    return brokenOf(outcomes).length === 0 ? exitCodes.asExpected : exitCodes.notAsExpected;
  }
  if (options.all) return runCatalogue(options, say, write, paint);
  if (options.history !== undefined) {
    const { replay } = await import('./replay/command');
    const result = await replay({ ...options, history: options.history }, say, paint);
    if (isQuiet) write(toJson(result));
    return result.same === false ? exitCodes.notAsExpected : exitCodes.asExpected;
  }
  if (options.stage !== undefined) {
    const { runOnStage } = await import('./stage/run');
    return runOnStage({ ...options, stage: options.stage }, say, write, paint);
  }
  const { runOne } = await import('./one');
  const result = await runOne(options, say, paint);
  if (isQuiet) write(toJson(result));
  return codeOf(result);
}

/** Runs every scenario. Ctrl-C ends it with the table and the reports of those that had come to an end. */
async function runCatalogue(
  options: Options,
  say: (line: string) => void,
  write: (line: string) => void,
  paint: Paint,
): Promise<number> {
  const { allProgressFor } = await import('./live/all');
  const { untilInterrupted } = await import('./live/interrupt');
  const { reportOn } = await import('./report/command');
  const { runAll } = await import('./scenario/run-all');
  return untilInterrupted(async (signal) => {
    const progress = allProgressFor(options.json ? {} : process.stdout, say);
    const results = await runAll({ jobs: options.jobs, say, paint, progress, signal });
    await reportOn(results, options, say);
    if (options.json) write(toJson(results));
    if (signal.aborted) return exitCodes.interrupted;
    return results.every(({ ok }) => ok) ? exitCodes.asExpected : exitCodes.notAsExpected;
  });
}

const codeOf = ({ ok }: Pick<DrillResult, 'ok'>) => (ok ? exitCodes.asExpected : exitCodes.notAsExpected);
