import type { DrillResult, ExecutionResult } from '../scenario/result';

/** One line of an execution's timeline: a state, its number of visits in a wait loop, and its changes in the cloud. */
export interface StoryLine {
  at: number;
  state: string;
  /** Its type in the machine, for example Task or Wait. */
  type: string;
  visits: number;
  /** When the last visit ended. */
  until: number;
  /** Calls that changed something, for example "ec2 StopInstances i-0123…". */
  changes: string[];
  /** The error that it ended with. */
  failed?: string;
  /** What a retry of Step Functions got over: the last such error, and how often it was tried again. */
  retried?: { error: string; times: number };
}

/** The number of lines back within which a state belongs to the same wait loop. */
const loopLength = 3;

/** An execution's timeline with collapsed wait loops and each state's changes. Pure. */
export function tellStory(
  execution: Pick<ExecutionResult, 'id' | 'history'>,
  ledger: DrillResult['ledger'],
): StoryLine[] {
  const lines: StoryLine[] = [];
  for (const event of execution.history) {
    if (!('state' in event)) continue;
    const known = lines.slice(-loopLength).find(({ state }) => state === event.state);
    if (event.type === 'StateEntered') {
      if (known) known.visits += 1;
      else
        lines.push({
          at: event.at,
          state: event.state,
          type: event.stateType,
          visits: 1,
          until: event.at,
          changes: [],
        });
    } else if (known) {
      known.until = event.at;
      if (event.type === 'StateFailed') known.failed = event.error;
      if (event.type === 'StateRetried') getOver(known);
    }
  }
  for (const entry of ledger) {
    if (!entry.effective || entry.service === 'dynamodb' || entry.caller?.executionId !== execution.id) continue;
    const line = lines.findLast(({ state, at }) => state === entry.caller?.stateName && at <= entry.at);
    line?.changes.push(`${entry.service} ${entry.command} ${entry.resources.join(' ')}`.trim());
  }
  return lines;
}

/** A failed try that is followed by another is not the state's end. */
function getOver(line: StoryLine): void {
  if (line.failed === undefined) return;
  line.retried = { error: line.failed, times: (line.retried?.times ?? 0) + 1 };
  delete line.failed;
}

/** What a state got over, in words; nothing if it had no need to. Pure. */
export const retriesOf = ({ retried }: Pick<StoryLine, 'retried'>): string =>
  retried ? ` (tried again ${retried.times === 1 ? 'once' : `${retried.times} times`} after ${retried.error})` : '';
