import { basename, extname } from 'node:path';
import { fromAwsHistory } from '../history/convert';
import { machineOf, playbookOf } from '../history/playbook';
import { HistoryError, readHistory } from '../history/read';
import type { Paint } from '../render/paint';
import { shown } from '../render/shown';
import { projectRoot } from '../report/command';
import { readDefinitions } from '../report/definitions';
import type { Definition } from '../report/dot';
import { endOf } from '../report/end';
import type { ReportFormat } from '../report/formats';
import { fromDrill, type ReportInput } from '../report/input';
import { writeReports } from '../report/write';
import { type ComparedState, comparePaths, comparisonLines, foldedPath, isSame } from './compare';
import { RerunError } from './error';
import { rerun } from './rerun';
import { lastState, reportOnHistory } from './to-report';

export interface ReplayOptions {
  history: string;
  rerun?: boolean;
  report?: string;
  format: ReportFormat;
  playbook?: string;
}

/** The result of a replay, as `--json` prints it. */
export interface ReplayResult {
  playbook: string;
  outcome: string;
  reason: string;
  path: string[];
  compared?: ComparedState[];
  same?: boolean;
  /** The page of the recorded execution. */
  report?: string;
}

/**
 * Writes the report of a history exported from AWS and, if requested, runs its input on today's code.
 * @throws HistoryError for a history that is not valid, not complete, or not of one of our playbooks
 */
export async function replay(options: ReplayOptions, say: (line: string) => void, paint: Paint): Promise<ReplayResult> {
  const { events, isCut } = await readHistory(options.history);
  const history = fromAwsHistory(events);
  const definitions = readDefinitions(projectRoot);
  const path = history.flatMap((event) => (event.type === 'StateEntered' ? [event.state] : []));
  const playbook = playbookOf(events, history, definitions);
  if (playbook === undefined) {
    const what = `is of none of our playbooks: they begin with ${startsOf(definitions)}`;
    throw new HistoryError({ file: options.history, line: 1 }, what);
  }
  if (isCut && options.rerun)
    throw new RerunError(
      `${options.history}: the export was cut (nextToken), so its path cannot be compared. ${whole}`,
    );
  const id = lastState(history)?.executionId;
  // By its execution: the next history, from a file of the same name, does not take its place.
  const name =
    id === undefined ? basename(options.history, extname(options.history)) : `${playbook}-${id.split(':').at(-1)}`;
  const input = reportOnHistory({
    name,
    story: `Replayed from ${basename(options.history)}.`,
    origin: 'history',
    setting: 'from a recorded history',
    id: id ?? name,
    playbook,
    machine: machineOf(events) ?? playbook,
    history,
    definition: definitions.get(playbook),
    isCut,
  });
  const { word, why } = endOf(input);
  say(`${paint('bold', shown(`${playbook}: ${word}`))}  ${shown(why)}`);
  if (isCut) say(paint('yellow', `The export was cut (nextToken). ${whole}`));
  else if (input.executions[0]!.status === 'RUNNING')
    say(paint('yellow', 'The history ends before its execution does.'));
  for (const state of foldedPath(history)) say(`  ${shown(state)}`);
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
    say(`Report: ${written[0]}`);
    result.report = written[0]!;
  }
  return result;
}

const whole = 'Export it whole, without --max-items and --no-paginate.';

const startsOf = (definitions: ReadonlyMap<string, Definition>) =>
  [...definitions.values()].map(({ StartAt }) => `"${StartAt}"`).join(', ');

async function again(
  history: ReturnType<typeof fromAwsHistory>,
  playbook: string,
  name: string,
  inputs: ReportInput[],
): Promise<ComparedState[]> {
  const result = await rerun(history, playbook);
  // Of a release the isolation that it needs ran first.
  const today = result.executions.find(({ machine }) => machine.endsWith(`-${playbook}`));
  const compared = comparePaths(history, today?.history ?? []);
  const definition = readDefinitions(projectRoot).get(playbook);
  const { ok: _nothingExpected, ...drill } = fromDrill(result, () => definition);
  const lines = compared.map(({ state, where }) => ({
    what: state,
    ok: where === 'both',
    expected: where === 'today' ? 'not passed' : 'passed',
    actual: where === 'recorded' ? 'not passed' : 'passed',
  }));
  const okWords = ['the recorded path', 'another path than recorded'] as const;
  inputs.push({ ...drill, name: `${name}-rerun`, playbook, ok: isSame(compared), okWords, checks: lines });
  return compared;
}
