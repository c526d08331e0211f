import { basename, extname } from 'node:path';
import type { Paint } from '../render/paint';
import { projectRoot } from '../report/command';
import { readDefinitions } from '../report/definitions';
import { fromDrill, type ReportInput } from '../report/input';
import { endOf } from '../report/sections/summary';
import { type ReportFormat, writeReports } from '../report/write';
import { type ComparedState, comparePaths, comparisonLines, foldedPath, isSame } from './compare';
import { fromAwsHistory } from './convert';
import { HistoryError, readHistory } from './history-file';
import { rerun } from './rerun';
import { playbookOf, reportOnHistory } from './to-report';

export interface ReplayOptions {
  history: string;
  rerun?: boolean;
  report?: string;
  format: ReportFormat;
  playbook?: string;
}

/** What a replay found, as `--json` prints it. */
export interface ReplayResult {
  playbook: string;
  outcome: string;
  reason: string;
  path: string[];
  compared?: ComparedState[];
  same?: boolean;
}

/**
 * Draws the report of a history that was exported from AWS and, if asked, runs its input on today's code.
 * @throws HistoryError for a history that cannot be read, is not whole, or is of no playbook of ours
 */
export async function replay(options: ReplayOptions, say: (line: string) => void, paint: Paint): Promise<ReplayResult> {
  const events = await readHistory(options.history);
  const history = fromAwsHistory(events);
  const definitions = readDefinitions(projectRoot);
  const path = history.flatMap((event) => (event.type === 'StateEntered' ? [event.state] : []));
  const playbook = playbookOf(path, definitions);
  if (playbook === undefined)
    throw new HistoryError(`${options.history}: its states are those of none of our playbooks`);
  const name = basename(options.history, extname(options.history));
  const arn = events[0]!.executionStartedEventDetails?.stateMachineVersionArn;
  const input = reportOnHistory({
    name,
    story: `Replayed from ${basename(options.history)}.`,
    origin: 'history',
    setting: 'from a recorded history',
    id: arn ?? name,
    machine: arn?.split(':').at(6) ?? playbook,
    history,
    definition: definitions.get(playbook),
  });
  const { word, why } = endOf(input);
  say(`${paint('bold', `${playbook}: ${word}`)}  ${why}`);
  if (input.executions[0]!.status === 'RUNNING') say(paint('yellow', 'The history ends before its execution does.'));
  for (const state of foldedPath(history)) say(`  ${state}`);
  const inputs: ReportInput[] = [input];
  const result: ReplayResult = { playbook, outcome: word, reason: why, path };
  if (options.rerun) {
    const compared = await again(history, playbook, name, inputs);
    say('');
    for (const line of comparisonLines(compared, paint)) say(line);
    Object.assign(result, { compared, same: isSame(compared) });
  }
  if (options.report !== undefined) {
    const written = await writeReports(options.report, inputs, options.format);
    say(`The report: ${written[0]}`);
  }
  return result;
}

async function again(
  history: ReturnType<typeof fromAwsHistory>,
  playbook: string,
  name: string,
  inputs: ReportInput[],
): Promise<ComparedState[]> {
  const result = await rerun(history, playbook);
  const compared = comparePaths(history, result.executions[0]?.history ?? []);
  const definition = readDefinitions(projectRoot).get(playbook);
  const { ok: _nothingExpected, ...drill } = fromDrill(result, () => definition);
  const lines = compared.map(({ state, where }) => ({
    what: state,
    ok: where === 'both',
    expected: where === 'today' ? 'not passed' : 'passed',
    actual: where === 'recorded' ? 'not passed' : 'passed',
  }));
  inputs.push({ ...drill, name: `${name}-rerun`, ok: isSame(compared), checks: lines });
  return compared;
}
