import { mkdirSync, writeFileSync, writeSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { toMarkdown } from '../functions/review/markdown';
import type { Review } from '../functions/review/review';
import { progressFor } from './live/progress';
import { exitCodes, type Options } from './options';
import { manyExecutions } from './render/figures';
import { headLines, resultLines } from './render/lines';
import { nextLines } from './render/next';
import type { Paint } from './render/paint';
import { reportOn } from './report/command';
import { fileName } from './report/write';
import { loadScenario } from './scenario/load';
import type { DrillResult } from './scenario/result';
import { type RunOptions, runScenario } from './scenario/run';
import type { Scenario } from './scenario/schema';
import type { Stack } from './stack/stack';

/**
 * Runs one scenario, or a recorded series, shown live, with its reports.
 * @param say receives every line for people
 */
export async function runOne(options: Options, say: (line: string) => void, paint: Paint): Promise<DrillResult> {
  const { scenario, remarks, onUp, ...prepared } = await prepare(options);
  const sayAll = (lines: readonly string[]) => {
    for (const line of lines) say(line);
  };
  sayAll(headLines(scenario, paint));
  // With --json, only the document goes to standard output.
  process.once('SIGINT', interrupted);
  const isVerbose = options.verbose === true;
  const stream: { isTTY?: boolean; rows?: number } = options.json ? {} : process.stdout;
  const progress = progressFor(stream, say, paint, isVerbose);
  // Where nobody sees the steps as they come, there is no reason to wait for them.
  const isWatched = !options.json && !options.metrics && (stream.isTTY === true || isVerbose || options.isPaced);
  const seen = new Set<string>();
  let stack: Stack | undefined;
  let result: DrillResult;
  try {
    result = await runScenario(scenario, {
      ...prepared,
      onPackaging: () => progress.waiting('Packaging the stage, as for a deployment …'),
      onUp: (up) => {
        stack = up;
        onUp?.(up);
      },
      onEvent: (execution, event) => {
        seen.add(execution.id);
        const isToRead = seen.size <= manyExecutions && isWatched;
        const isQuiet = stack?.machines.executions.every(({ status }) => status !== 'RUNNING') ?? false;
        // The time between executions passes at once; a playbook's actions can be followed.
        stack?.time.setSpeed(isToRead && !isQuiet ? options.speed : Number.POSITIVE_INFINITY);
        progress.onEvent(execution, event, stack?.cloud.ledger.entries ?? []);
      },
    });
  } finally {
    await progress.end();
    process.off('SIGINT', interrupted);
  }
  if (remarks.length > 0) result = { ...result, remarks };
  sayAll(remarks.map((remark) => paint('yellow', `Note: ${remark}`)));
  sayAll([...(isVerbose ? [''] : []), ...resultLines(result, paint, isVerbose)]);
  await reportOn([result], options, say);
  if (result.review) sayAll(['', ...(await writeReview(result.scenario.name, result.review))]);
  sayAll(nextLines(result, { isVerbose, isScenario: options.metrics === undefined, report: options.report }, paint));
  return result;
}

const showCursor = '\u001b[?25h';

/** Nothing outlives a drill: its cloud and its tables are in this process. */
function interrupted(): void {
  // Not process.stdout.write: the spinner delays other writes until it ends.
  if (process.stdout.isTTY) writeSync(process.stdout.fd, showCursor);
  process.exit(exitCodes.interrupted);
}

/** Writes the page of a drill's review. @returns the summary, and the path of the page */
async function writeReview(name: string, review: Review): Promise<string[]> {
  const { toPage } = await import('./report/review-page');
  const file = join('.drill', `${name}-review.html`);
  mkdirSync('.drill', { recursive: true });
  writeFileSync(file, toPage(review));
  return [...toMarkdown(review).split('\n'), '', `Page: ${file}`];
}

/** What to run: a scenario from the catalogue, or a recorded series. */
async function prepare(options: Options): Promise<{ scenario: Scenario; remarks: string[] } & RunOptions> {
  const { scenario, metrics, metric, threshold, period } = options;
  if (metrics === undefined) return { scenario: await loadScenario(scenario), remarks: [] };
  const { chooseSeries } = await import('./series/choose');
  const { readSeries } = await import('./series/read');
  const { putSeries, replayScenario } = await import('./series/replay');
  const chosen = chooseSeries(await readSeries(metrics), metric);
  const alarm = { ...(threshold === undefined ? {} : { threshold }), ...(period === undefined ? {} : { period }) };
  const remarks = [...chosen.remarks];
  return {
    scenario: replayScenario(chosen, `replay-${fileName(basename(metrics, extname(metrics)))}`),
    remarks,
    // Days of data have many thousands of minutes; late notices do not matter here.
    schedules: false,
    onUp: (stack) => void remarks.push(...putSeries(stack, chosen, alarm)),
  };
}
