import * as z from '../shared/schema';

/** page: someone is needed now. look: someone should look today. info: no action is needed. */
export type Severity = 'page' | 'look' | 'info';

interface Facts {
  /** How the execution ends; `none` for outcomes without an execution of their own. Green is an expected, good end. */
  execution: 'green' | 'red' | 'none';
  severity: Severity;
  /** Its colour in reports. */
  tone: 'good' | 'info' | 'warn' | 'bad';
  /** Its symbol in chat. */
  mark: string;
  /** Whether there was real trouble: automation acted, or paged someone. */
  isTrouble: boolean;
  /** What the operator should do. */
  todo: string;
}

const good = { execution: 'green', severity: 'info', tone: 'good', isTrouble: false } as const;
const calm = { ...good, tone: 'info' } as const;
const look = { execution: 'red', severity: 'look', tone: 'bad', isTrouble: false } as const;
const page = { execution: 'red', severity: 'page', tone: 'bad', isTrouble: true } as const;

/** How an incident can end, with everything that depends on it. docs/outcomes.md is generated from it. */
export const outcomeTable = {
  RESOLVED: {
    ...good,
    mark: '✅',
    isTrouble: true,
    todo: 'nothing; the weekly review lists repeats',
  },
  SKIPPED: {
    ...calm,
    mark: '⏭️',
    todo: 'nothing, unless the reason surprises you',
  },
  OBSERVED: {
    ...calm,
    mark: '👀',
    todo: 'decide whether you agree',
  },
  CONTAINED: {
    ...good,
    mark: '🔒',
    isTrouble: true,
    todo: 'investigate with the snapshots and the record; then [release](operating.md#release-an-isolated-instance)',
  },
  RELEASED: {
    ...good,
    mark: '🔓',
    todo: 'check that it serves traffic',
  },
  BLOCKED: {
    ...good,
    mark: '🧱',
    todo: 'nothing; the block expires',
  },
  PATCHED: {
    ...good,
    mark: '🩹',
    todo: 'nothing',
  },
  SCANNED: {
    ...good,
    mark: '🔍',
    todo: 'read the counts',
  },
  PARTIAL: {
    ...page,
    mark: '🚨',
    todo: 'the reason lists what is missing: complete it or release it',
  },
  UNMANAGED: {
    ...look,
    mark: '⚠️',
    todo: 'check the SSM Agent, the instance role and the endpoints',
  },
  SUSPECTED: {
    ...{ ...look, execution: 'none', tone: 'warn' },
    mark: '🔎',
    todo: 'look at the metric before its alarm fires, or read the finding',
  },
  INEFFECTIVE: {
    ...look,
    mark: '⚠️',
    isTrouble: true,
    todo: 'find the cause elsewhere; the next alarm escalates to you',
  },
  WORSE: {
    ...page,
    mark: '🚨',
    todo: 'look at the instance now',
  },
  ESCALATED: {
    ...page,
    mark: '🚨',
    todo: 'the reason says what state the instance is in and what is left to do',
  },
  GONE: {
    ...look,
    mark: '⚠️',
    todo: 'find out who terminated it',
  },
  FAILED: {
    ...page,
    mark: '🚨',
    todo: 'the reason quotes the AWS error; look at the execution',
  },
  REJECTED: {
    ...look,
    mark: '⛔',
    todo: 'the reason names the field; fix the sender',
  },
} satisfies Record<string, Facts>;

export type Outcome = keyof typeof outcomeTable;
export const outcomes = Object.keys(outcomeTable) as Outcome[];
export const outcomeSchema = z.enum(outcomes);

/** What happened, in the line of docs/outcomes.md; by itself, since no function needs it. */
export const outcomeMeanings: Readonly<Record<Outcome, string>> = {
  RESOLVED: 'acted, and the alarm returned to OK',
  SKIPPED: 'a guard refused; see the reason',
  OBSERVED: 'observe mode: reports what it would have done',
  CONTAINED: 'isolated; every part verified',
  RELEASED: 'everything that the isolation saved is restored',
  BLOCKED: 'the range is denied in every configured place',
  PATCHED: 'installed; no patches missing',
  SCANNED: 'patches counted',
  PARTIAL: 'started, but not complete or not verified',
  UNMANAGED: 'Systems Manager cannot reach the instance',
  SUSPECTED: 'a patrol found an anomaly, or GuardDuty reports what no playbook handles; nothing was done',
  INEFFECTIVE: 'acted; the instance is healthy, but the alarm is still on',
  WORSE: 'acted; the instance is in worse condition than before',
  ESCALATED: 'automation cannot go on: a stop hangs, alarm storm, no answer, no metrics',
  GONE: 'the instance was terminated during the incident',
  FAILED: 'a step failed after all retries',
  REJECTED: 'the input is not valid',
};

export const isOutcome = (word: string): word is Outcome => Object.hasOwn(outcomeTable, word);

/** Whether an incident ended well: its execution is green, and no action is needed. */
export const endsWell = (outcome: Outcome): boolean => outcomeTable[outcome].execution === 'green';

/** The urgency of an outcome. Anything that may be down, or was made worse, pages. */
export const severityOf = (outcome: Outcome): Severity => outcomeTable[outcome].severity;
