import { beatsOf } from '../render/beats';
import { duration } from '../render/duration';
import type { Paint } from '../render/paint';
import { beatLine } from '../render/short';
import { shown } from '../render/shown';
import { type StoryLine, tellStory } from '../render/story';
import type { DrillResult, ExecutionResult } from '../scenario/result';

/** An execution so far. */
export type Running = Pick<ExecutionResult, 'id' | 'machine' | 'status' | 'startedAt' | 'history'>;

/**
 * The steps of the running executions, newest last, redrawn at each event: time, state, duration, and changes in the
 * cloud. Pure.
 * @param rows the number of lines available
 * @param isVerbose whether to show every state, or only the story's main steps
 */
export function liveLines(
  executions: readonly Running[],
  ledger: DrillResult['ledger'],
  rows: number,
  paint: Paint,
  isVerbose = true,
): string[] {
  const lines = executions.flatMap((execution) => {
    if (!isVerbose) return beatsOf(execution, ledger).map((beat) => beatLine(beat, clock, paint));
    const story = tellStory(execution, ledger);
    return story.flatMap((line, i) => stepLines(line, i === story.length - 1 && execution.status === 'RUNNING', paint));
  });
  const hidden = lines.length - rows;
  return hidden > 0 ? [paint('dim', `… ${hidden + 1} more lines above`), ...lines.slice(hidden + 1)] : lines;
}

const clock = (at: number | string) => new Date(at).toISOString().slice(11, 19);

function stepLines({ at, until, state, visits, changes, failed }: StoryLine, isNow: boolean, paint: Paint): string[] {
  const mark = failed ? paint('red', '✗') : isNow ? paint('yellow', '▸') : paint('green', '✔');
  const times = visits > 1 ? ` × ${visits}` : '';
  const took = until - at >= 1000 ? `, ${duration(until - at)}` : '';
  const rest = `${times}${took}`;
  const error = failed === undefined ? '' : paint('red', `  ${shown(failed)}`);
  return [
    `${mark} ${paint('dim', clock(at))}  ${shown(state)}${rest && paint('dim', rest)}${error}`,
    ...changes.map((change) => paint('cyan', `            → ${shown(change)}`)),
  ];
}

/** The line above the steps: the machine and its duration, or the number of ended executions if there are many. Pure. */
export function headLine(executions: readonly Running[], most: number, waiting: string): string {
  const [first] = executions;
  if (!first) return waiting;
  const ended = executions.filter(({ status }) => status !== 'RUNNING').length;
  if (executions.length > most) return `${executions.length} executions, ${ended} ended`;
  const name = shown(first.machine.split(':').at(-1)!);
  const lasted = duration((first.history.at(-1)?.at ?? first.startedAt) - first.startedAt);
  const others = executions.length > 1 ? ` and ${executions.length - 1} more` : '';
  return `${name}${others}: ${first.status.toLowerCase()}, ${lasted}`;
}
