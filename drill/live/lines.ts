import { duration } from '../render/duration';
import type { Paint } from '../render/paint';
import { type StoryLine, tellStory } from '../render/story';
import type { DrillResult, ExecutionResult } from '../scenario/result';

/** An execution so far. */
export type Running = Pick<ExecutionResult, 'id' | 'machine' | 'status' | 'startedAt' | 'history'>;

/**
 * The steps of the running executions, newest last, redrawn at each event: time, state, duration, and changes in the
 * cloud. Pure.
 * @param rows the number of lines available
 */
export function liveLines(
  executions: readonly Running[],
  ledger: DrillResult['ledger'],
  rows: number,
  paint: Paint,
): string[] {
  const lines = executions.flatMap((execution) => {
    const story = tellStory(execution, ledger);
    return story.flatMap((line, i) => stepLines(line, i === story.length - 1 && execution.status === 'RUNNING', paint));
  });
  const hidden = lines.length - rows;
  return hidden > 0 ? [paint('dim', `… ${hidden + 1} more lines above`), ...lines.slice(hidden + 1)] : lines;
}

function stepLines({ at, until, state, visits, changes, failed }: StoryLine, isNow: boolean, paint: Paint): string[] {
  const mark = failed ? paint('red', '✗') : isNow ? paint('yellow', '▸') : paint('green', '✔');
  const times = visits > 1 ? ` × ${visits}` : '';
  const took = until - at >= 1000 ? `, ${duration(until - at)}` : '';
  const rest = `${times}${took}`;
  const clock = new Date(at).toISOString().slice(11, 19);
  return [
    `${mark} ${paint('dim', clock)}  ${state}${rest && paint('dim', rest)}${failed ? paint('red', `  ${failed}`) : ''}`,
    ...changes.map((change) => paint('cyan', `            → ${change}`)),
  ];
}

/** The line above the steps: the machine and its duration, or the number of ended executions if there are many. Pure. */
export function headLine(executions: readonly Running[], most: number, waiting: string): string {
  const [first] = executions;
  if (!first) return waiting;
  const ended = executions.filter(({ status }) => status !== 'RUNNING').length;
  if (executions.length > most) return `${executions.length} executions, ${ended} ended`;
  const name = first.machine.split(':').at(-1)!;
  const lasted = duration((first.history.at(-1)?.at ?? first.startedAt) - first.startedAt);
  const others = executions.length > 1 ? ` and ${executions.length - 1} more` : '';
  return `${name}${others}: ${first.status.toLowerCase()}, ${lasted}`;
}
