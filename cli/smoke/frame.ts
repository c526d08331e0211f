import { unanswered } from '../doctor/ask';
import type { Subject } from '../doctor/check';
import type { Line } from '../doctor/line';
import type { Ledger } from './ledger';
import { type Clock, goOn, InterruptedError } from './until';

/** What the checks of a smoke run may ask and change. */
export interface Smoke extends Subject {
  settings: NonNullable<Subject['settings']>;
  instanceId: string;
  clock: Clock;
  ledger: Ledger;
  /** Marks what this run sets and starts: letters and digits. */
  runId: string;
}

/** One check of a smoke run. */
export interface SmokeCheck {
  id: string;
  what: string;
  /** Sets in motion what takes minutes, before the other checks are asked. */
  begin?: (smoke: Smoke) => Promise<void>;
  ask: (smoke: Smoke) => Promise<Line[]>;
}

/** How a run went. */
export interface SmokeResult {
  lines: Line[];
  isInterrupted: boolean;
}

/**
 * Runs checks in their order, and puts back at the end what they have set, also after an error or Ctrl-C.
 * @param onLine called with each line as soon as it is known
 * @throws what is no answer of AWS, once everything is put back
 */
export async function runChecks(
  checks: readonly SmokeCheck[],
  smoke: Smoke,
  onLine: (line: Line) => void = () => {},
): Promise<SmokeResult> {
  const lines: Line[] = [];
  const add = (more: readonly Line[]) => {
    for (const line of more) onLine(line);
    lines.push(...more);
  };
  const isOver = new Set<string>();
  let isInterrupted = false;
  try {
    for (const phase of ['begin', 'ask'] as const) {
      for (const check of checks.filter(({ id }) => !isOver.has(id))) {
        goOn(smoke.clock.signal);
        const found = await attempt(check, phase, smoke);
        if (found.hasFailed) isOver.add(check.id);
        add(found.lines);
      }
    }
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    isInterrupted = true;
  } finally {
    add(await smoke.ledger.settle());
  }
  return { lines, isInterrupted };
}

/** A check that could not ask is one line, and hinders no other. */
async function attempt(
  { id, what, begin, ask }: SmokeCheck,
  phase: 'begin' | 'ask',
  smoke: Smoke,
): Promise<{ lines: Line[]; hasFailed?: true }> {
  try {
    if (phase === 'ask') return { lines: await ask(smoke) };
    await begin?.(smoke);
    return { lines: [] };
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return { lines: [{ id, what, ...unanswered(error) }], hasFailed: true };
  }
}
