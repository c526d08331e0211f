import type { LedgerEntry } from '../cloud';
import type { HistoryEvent, StateEvent } from '../stack/history';
import { edgeKey, type PathTaken, type StepStatus } from './dot';

/** One visit of a state. */
export interface Step {
  state: string;
  type: string;
  /** The Map item that it was for. */
  index?: number;
  at: number;
  /** Undefined while it runs, or if its execution was stopped from outside. */
  until?: number;
  status: StepStatus;
  /** Failed attempts before the last one. */
  retries: number;
  error?: string;
  cause?: string;
  input: unknown;
  output?: unknown;
  /** Calls to AWS during this visit. */
  calls: LedgerEntry[];
  /** In a wait loop: the number of this visit, from 1. */
  round: number;
  /** On the first of several rounds: their number, total duration, and the end of the last one. */
  loop?: { rounds: number; totalMs: number; until: number };
}

/** The number of states back within which a state belongs to the same wait loop. */
const loopLength = 3;

/** An execution's history as visits of states, in the order of entry. Pure. */
export function stepsOf(
  execution: { id: string; history: readonly HistoryEvent[] },
  ledger: readonly LedgerEntry[] = [],
): Step[] {
  const steps: Step[] = [];
  for (const event of execution.history) {
    if (!('state' in event)) continue;
    if (event.type === 'StateEntered') steps.push(entered(event, steps));
    else apply(event, steps.findLast((step) => step.state === event.state && step.index === event.index)!);
  }
  const end = execution.history.at(-1);
  const last = steps.at(-1);
  if (last?.status === 'running' && end && !('state' in end) && end.type !== 'ExecutionStarted') {
    last.until = end.at;
    last.status = end.type === 'ExecutionSucceeded' ? 'passed' : 'failed';
  }
  const own = ledger.filter(({ caller }) => caller?.executionId === execution.id);
  for (const entry of own)
    steps.findLast(({ state, at }) => state === entry.caller?.stateName && at <= entry.at)?.calls.push(entry);
  noteLoops(steps);
  return steps;
}

function noteLoops(steps: readonly Step[]): void {
  const firsts = new Map<string, Step>();
  for (const step of steps) {
    const key = JSON.stringify([step.state, step.index]);
    const first = firsts.get(key);
    if (step.round === 1 || !first) {
      firsts.set(key, step);
      continue;
    }
    const { at, until = at } = step;
    const { totalMs } = first.loop ?? { totalMs: (first.until ?? first.at) - first.at };
    first.loop = { rounds: step.round, totalMs: totalMs + until - at, until };
  }
}

function entered(event: StateEvent & { type: 'StateEntered' }, before: readonly Step[]): Step {
  const { state, stateType, index, at, input } = event;
  const recent: Step[] = [];
  for (let i = before.length - 1; i >= 0 && new Set(recent.map((step) => step.state)).size <= loopLength; i -= 1)
    recent.push(before[i]!);
  const same = recent.find((step) => step.state === state && step.index === index);
  const round = (same?.round ?? 0) + 1;
  const place = { state, type: stateType, ...(index === undefined ? {} : { index }) };
  return { ...place, at, status: 'running', retries: 0, input, calls: [], round };
}

function apply(event: Exclude<StateEvent, { type: 'StateEntered' }>, step: Step): void {
  if (event.type === 'StateFailed')
    Object.assign(step, { status: 'failed', error: event.error, cause: event.cause, until: event.at });
  if (event.type === 'StateRetried')
    Object.assign(step, { status: 'running', retries: step.retries + 1, until: undefined });
  if (event.type === 'StateCaught') Object.assign(step, { status: 'caught', until: event.at });
  if (event.type === 'StateExited') {
    step.until = event.at;
    step.output = event.output;
    if (step.status !== 'caught') step.status = 'passed';
  }
}

const rank: Record<StepStatus, number> = { passed: 0, running: 1, caught: 2, failed: 3 };

/** The path through the machine; a state with several visits counts by its worst one. */
export function pathTaken(steps: readonly Step[]): PathTaken {
  const states = new Map<string, StepStatus>();
  const moves = new Set<string>();
  steps.forEach((step, i) => {
    const known = states.get(step.state);
    if (known === undefined || rank[step.status] > rank[known]) states.set(step.state, step.status);
    const before = steps[i - 1];
    if (before) moves.add(edgeKey(before.state, step.state));
  });
  return { states, moves };
}
