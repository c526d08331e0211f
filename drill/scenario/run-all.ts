import type { AllProgress } from '../live/all';
import { packageStage } from '../packaging/package-stage';
import { duration } from '../render/duration';
import type { Paint } from '../render/paint';
import { tableLines } from '../render/table';
import { loadScenario, scenarioNames } from './load';
import { runInProcesses } from './processes';
import type { DrillResult } from './result';
import type { Scenario } from './schema';

export interface RunAllOptions {
  /** The number of processes. */
  jobs: number;
  say: (line: string) => void;
  paint: Paint;
  progress: AllProgress;
  /** Stops it with the results so far. */
  signal: AbortSignal;
}

/**
 * Runs every scenario in the catalogue as fast as possible, with a line for each as it ends and a table at the end.
 * @returns the results in alphabetical order; if aborted, those of the finished scenarios
 * @throws ScenarioError for an invalid file, ScenarioWorkerError if a scenario could not be run
 */
export async function runAll({ jobs, say, paint, progress, signal }: RunAllOptions): Promise<DrillResult[]> {
  const scenarios = await Promise.all((await scenarioNames()).map(loadScenario));
  // Once, before the processes start: they would all wait for the first one.
  for (const stage of new Set(scenarios.map((scenario) => scenario.stage))) await packageStage(stage);
  const names = longestFirst(scenarios).map(({ name }) => name);
  say(`${names.length} scenarios in ${Math.min(jobs, names.length)} processes; the longest start first.`);
  const results: DrillResult[] = [];
  const took = new Map<string, number>();
  const onAnswer = ({ name, tookMs, result }: { name: string; tookMs: number; result: DrillResult }) => {
    results.push(result);
    took.set(name, tookMs);
    const done = `${String(results.length).padStart(String(names.length).length)}/${names.length}`;
    const line = `${paint('dim', done)} ${mark(result, paint)} ${name.padEnd(24)} ${paint('dim', duration(tookMs))}`;
    progress.ended(name, line);
  };
  try {
    await runInProcesses(names, jobs, onAnswer, { signal, onBegin: (name) => progress.begun(name) });
  } finally {
    await progress.end();
  }
  results.sort((a, b) => a.scenario.name.localeCompare(b.scenario.name));
  if (results.length > 0) for (const line of ['', ...tableLines(results, took, paint)]) say(line);
  if (signal.aborted)
    say(paint('yellow', `Stopped by Ctrl-C: ${results.length} of ${names.length} scenarios had finished.`));
  return results;
}

const mark = ({ ok }: DrillResult, paint: Paint) => paint(ok ? 'green' : 'red', ok ? '✔' : '✗');

/** Instances times simulated minutes approximate how long a drill takes: a long one at the end would run alone. */
function longestFirst(scenarios: readonly Scenario[]): Scenario[] {
  const weight = ({ fleet, lastsMinutes }: Scenario) =>
    fleet.reduce((sum, { count }) => sum + count, 0) * Math.max(60, lastsMinutes);
  return [...scenarios].sort((a, b) => weight(b) - weight(a) || a.name.localeCompare(b.name));
}
