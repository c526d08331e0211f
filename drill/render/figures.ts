import type { DrillResult } from '../scenario/result';
import { duration } from './duration';

/** US dollars per 1,000 state transitions of a Standard workflow. Source: Step Functions pricing, us-east-1. */
const dollarsPerThousand = 0.025;

/** More executions than this are counted, not listed. */
export const manyExecutions = 5;

/** A drill's figures in one line. Retries count as transitions, too. */
export function figuresLine({ executions, incidents, startedAt }: DrillResult): string {
  const transitions = executions
    .flatMap(({ history }) => history)
    .filter(({ type }) => type === 'StateEntered' || type === 'StateRetried').length;
  const dollars = (transitions / 1000) * dollarsPerThousand;
  const closed = incidents.flatMap(({ closedAt }) => (closedAt ? [Date.parse(closedAt)] : []));
  const first = executions[0]?.startedAt ?? startedAt;
  // Of several the time between the first and the last says nothing.
  const time = executions.length === 1 && closed.length > 0 ? `, took ${duration(Math.max(...closed) - first)}` : '';
  const ran = `${executions.length} ${executions.length === 1 ? 'execution' : 'executions'}`;
  return `${ran}, ${transitions} transitions, about $${dollars.toFixed(4)}${time}`;
}

/** The number of times each end occurred, most frequent first. */
export function outcomeLines({ incidents }: DrillResult): string[] {
  const counts = new Map<string, number>();
  for (const { outcome, code, status } of incidents) {
    const key = `${outcome ?? status} (${code ?? 'open'})`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([key, count]) => `${String(count).padStart(6)}  ${key}`);
}
