import type { DrillResult, ExecutionResult } from '../scenario/result';
import { duration } from './duration';
import { retriesOf, type StoryLine, tellStory } from './story';

/** One beat of an execution's story: what a person would tell of it, in place of each state. */
export interface Beat {
  at: number;
  kind: 'passed' | 'waited' | 'changed' | 'failed' | 'told';
  text: string;
}

/** What only leads from one state to the next tells nothing. */
const silent = new Set(['Choice', 'Pass', 'Succeed', 'Fail']);

/**
 * Tells an execution in a few beats: checks that passed as one, each wait as one with how often it looked, and every
 * change of the cloud, failure and notice by itself. Pure.
 */
export function beatsOf(execution: Pick<ExecutionResult, 'id' | 'history'>, ledger: DrillResult['ledger']): Beat[] {
  const beats: Beat[] = [];
  let quiet: StoryLine[] = [];
  let loop: StoryLine[] = [];
  const flush = () => {
    if (quiet.length > 0) beats.push(passed(quiet));
    if (loop.length > 0) beats.push(waited(loop));
    quiet = [];
    loop = [];
  };
  for (const line of tellStory(execution, ledger)) {
    const isLoop = line.visits > 1 || isWait(line);
    if (isLoop && quiet.length > 0) flush();
    if (!isLoop && loop.length > 0 && !silent.has(line.type)) flush();
    if (isLoop) loop.push(line);
    const own = ownBeat(line);
    if (own) {
      flush();
      beats.push(own);
    } else if (!isLoop && !silent.has(line.type)) quiet.push(line);
  }
  flush();
  return beats;
}

/** A pause, or a question that stays open until somebody answers. */
const isWait = ({ type, state }: StoryLine) => type === 'Wait' || state.startsWith('Wait for ');

/** A state that did or failed something, or was tried again, is told by itself. */
function ownBeat(line: StoryLine): Beat | undefined {
  const { at, state, changes, failed } = line;
  const retries = retriesOf(line);
  if (failed !== undefined) return { at, kind: 'failed', text: `${state}: ${failed}${retries}` };
  if (changes.length === 0) return retries ? { at, kind: 'passed', text: `${state}${retries}` } : undefined;
  if (changes.every((change) => change.startsWith('sns '))) return { at, kind: 'told', text: `${state}${retries}` };
  const calls = changes.map((change) => change.replace(/^\S+ /, ''));
  const [first, ...more] = calls;
  const others = more.length > 0 ? ` and ${more.length} more` : '';
  return { at, kind: 'changed', text: `${state}: ${first}${others}${retries}` };
}

function passed(lines: readonly StoryLine[]): Beat {
  const [first] = lines as [StoryLine, ...StoryLine[]];
  const { at, state } = first;
  if (lines.length === 1) return { at, kind: 'passed', text: state };
  return { at, kind: 'passed', text: `${lines.length} steps passed: ${state} … ${lines.at(-1)!.state}` };
}

function waited(lines: readonly StoryLine[]): Beat {
  const at = Math.min(...lines.map((line) => line.at));
  const until = Math.max(...lines.map((line) => line.until));
  const wait = lines.find(isWait);
  const looks = Math.max(...lines.filter((line) => line !== wait).map(({ visits }) => visits), 1);
  const what = wait?.state.replace(/^Wait for /, '').toLowerCase() ?? lines[0]!.state;
  const times = looks === 1 ? '' : `${looks} looks, `;
  return { at, kind: 'waited', text: `waited for ${what}: ${times}${duration(until - at)}` };
}
