import * as z from '../shared/schema';

/** page: a person is needed now. look: a person should look today. info: nobody has to do anything. */
export type Severity = 'page' | 'look' | 'info';

interface Facts {
  /** How an execution ends by it; `none` for what only a notice tells. Green is an expected, good end. */
  execution: 'green' | 'red' | 'none';
  severity: Severity;
  /** How a report colours it. */
  tone: 'good' | 'info' | 'warn' | 'bad';
  /** Its sign in chat. */
  mark: string;
  /** Something was really wrong: it was acted on, or a person was called. */
  isTrouble: boolean;
  /** What happened, and what the operator does: the line of the operating guide. */
  means: string;
  todo: string;
}

const good = { execution: 'green', severity: 'info', tone: 'good', isTrouble: false } as const;
const calm = { ...good, tone: 'info' } as const;
const look = { execution: 'red', severity: 'look', tone: 'bad', isTrouble: false } as const;
const page = { execution: 'red', severity: 'page', tone: 'bad', isTrouble: true } as const;

/** How an incident can end, and what that means to everybody who asks. docs/outcomes.md is made from it. */
export const outcomeTable = {
  RESOLVED: {
    ...good,
    mark: '✅',
    isTrouble: true,
    means: 'acted, and the alarm went back to OK',
    todo: 'nothing now; a repeat is named in the weekly review',
  },
  SKIPPED: {
    ...calm,
    mark: '⏭️',
    means: 'a guard said no; the reason says which',
    todo: 'nothing, unless the reason surprises you',
  },
  OBSERVED: {
    ...calm,
    mark: '👀',
    means: 'observe mode: what it would have done',
    todo: 'decide whether you agree',
  },
  CONTAINED: {
    ...good,
    mark: '🔒',
    isTrouble: true,
    means: 'isolated, and every part verified',
    todo: 'look into it; snapshots and record are the evidence; then [release](operating.md#release-an-isolated-host)',
  },
  RELEASED: {
    ...good,
    mark: '🔓',
    means: 'everything that the isolation saved is back',
    todo: 'watch it serve',
  },
  BLOCKED: {
    ...good,
    mark: '🧱',
    means: 'the range is denied everywhere it should be',
    todo: 'nothing; it ends by itself',
  },
  PATCHED: {
    ...good,
    mark: '🩹',
    means: 'installed, nothing missing',
    todo: 'nothing',
  },
  SCANNED: {
    ...good,
    mark: '🔍',
    means: 'counted',
    todo: 'read the counts',
  },
  PARTIAL: {
    ...page,
    mark: '🚨',
    means: 'begun, and not complete or not verified',
    todo: 'the reason names what is missing: finish it or release it',
  },
  UNMANAGED: {
    ...look,
    mark: '⚠️',
    means: 'Systems Manager does not reach the instance',
    todo: 'check its agent, role and endpoints',
  },
  SUSPECTED: {
    ...{ ...look, execution: 'none', tone: 'warn' },
    mark: '🔎',
    means: 'a patrol saw something; nothing was done',
    todo: 'look at the metric before the alarm does',
  },
  INEFFECTIVE: {
    ...look,
    mark: '⚠️',
    isTrouble: true,
    means: 'acted, healthy, and the alarm still stands',
    todo: 'the cause is elsewhere: find it; a repeat goes up the ladder to you',
  },
  WORSE: {
    ...page,
    mark: '🚨',
    means: 'acted, and the instance is less well than before',
    todo: 'look at the instance now',
  },
  ESCALATED: {
    ...page,
    mark: '🚨',
    means: 'automation is at its end: a stop that hangs, a storm, no answer, no metrics',
    todo: 'the reason says what state the instance is in, and what is yours to do',
  },
  GONE: {
    ...look,
    mark: '⚠️',
    means: 'the instance was terminated meanwhile',
    todo: 'find out by whom',
  },
  FAILED: {
    ...page,
    mark: '🚨',
    means: 'a step failed for good',
    todo: 'the reason has AWS’s own words; look at the execution',
  },
  REJECTED: {
    ...look,
    mark: '⛔',
    means: 'the input was not understood',
    todo: 'the reason names the field; fix the sender',
  },
} satisfies Record<string, Facts>;

export type Outcome = keyof typeof outcomeTable;
export const outcomes = Object.keys(outcomeTable) as Outcome[];
export const outcomeSchema = z.enum(outcomes);

export const isOutcome = (word: string): word is Outcome => Object.hasOwn(outcomeTable, word);

/** Whether an incident ended as it should: its execution is green, and nobody has to look. */
export const endsWell = (outcome: Outcome): boolean => outcomeTable[outcome].execution === 'green';

/** How urgent an end is. What may be down, or was made worse, pages. */
export const severityOf = (outcome: Outcome): Severity => outcomeTable[outcome].severity;
