import { type Notice, toNotice } from '../notice/message';
import { secondsBetween } from '../shared/clock';
import { oneLine } from '../shared/plain-text';
import { plural } from '../shared/plural';
import * as z from '../shared/schema';
import type { Applied } from './apply';

/** The state of a reconcile run; it repeats while the verdict is MORE. */
export const runSchema = z.object({
  since: z.string(),
  attempt: z.number(),
  instances: z.number(),
  alarms: z.number(),
  put: z.number(),
  removed: z.number(),
  left: z.number(),
  problems: z.array(z.string()),
  problemCount: z.number(),
  verdict: z.enum(['MORE', 'DONE', 'OVERDUE']),
  waitSeconds: z.number(),
  /** Accounts that are not wholly compared. */
  unfinished: z.optional(z.number()),
  /** Places that could not be compared in this run, and why; they are tried again in the next one. */
  unreachable: z.optional(z.array(z.string())),
  unread: z.optional(z.array(z.string())),
});
export type Run = z.output<typeof runSchema>;

/** The result of one invocation. */
export interface Round {
  instances: number;
  alarms: number;
  applied: Applied;
  problems: readonly string[];
  /** How many problems there are, if not all of them are listed. */
  problemCount?: number;
  unfinished?: number;
  /** Another run compares all that is unfinished. */
  isHeldUp?: boolean;
  unreachable?: string[];
  unread?: string[];
}

/** The number of problems listed; the rest is counted, because the machine's state has a size limit. */
const namedProblems = 20;

/** Adds one round to a run. The run continues while changes are left, up to its time limit. */
export function judgeRun(
  { instances, alarms, applied, problems, isHeldUp, ...places }: Round,
  before: Run | undefined,
  startedAt: Date,
  now: Date,
  ceilingSeconds: number,
): Run {
  const since = before?.since ?? startedAt.toISOString();
  const isOverdue = secondsBetween(since, now) >= ceilingSeconds;
  const { unfinished = 0, unreachable = [], unread = [] } = places;
  const isDone = applied.left === 0 && unfinished === 0;
  return {
    since,
    attempt: (before?.attempt ?? 0) + 1,
    instances,
    alarms,
    put: (before?.put ?? 0) + applied.put,
    removed: (before?.removed ?? 0) + applied.removed,
    left: applied.left,
    problems: [...unread, ...problems].slice(0, namedProblems),
    problemCount: unread.length + (places.problemCount ?? problems.length),
    verdict: isDone ? 'DONE' : isOverdue ? 'OVERDUE' : 'MORE',
    waitSeconds: isHeldUp ? 60 : 5,
    ...(unfinished > 0 ? { unfinished } : {}),
    ...(unreachable.length > 0 ? { unreachable, unread: unread.slice(0, namedProblems) } : {}),
  };
}

/**
 * The notice of a run that has ended: the nightly run if it found drift, and any run that could not finish; undefined if
 * there is nothing to report.
 * @param report whether drift is reported
 */
export function noticeOf(run: Run, report: boolean, stage: string): Notice | undefined {
  const told = describeRun(run, stage);
  const isOverdue = run.verdict === 'OVERDUE';
  if (!told || run.verdict === 'MORE' || !(report || isOverdue)) return undefined;
  const { subject: title, text } = told;
  return toNotice({ title, text, thread: `enrolment-${stage}`, severity: isOverdue ? 'look' : 'info' });
}

/** The report of a run; undefined if there is nothing to report. */
export function describeRun(run: Run, stage: string): { subject: string; text: string } | undefined {
  if (run.put + run.removed === 0 && run.problemCount === 0 && run.verdict === 'DONE') return undefined;
  const accounts = run.unfinished ? ` and ${plural(run.unfinished, 'account')} not wholly compared` : '';
  const end = run.verdict === 'DONE' ? '' : ` ${run.left} changes are left${accounts}: check the execution.`;
  const unnamed = run.problemCount - run.problems.length;
  const lines = [
    `${run.instances} instances are enrolled, with ${run.alarms} alarms.`,
    `This run created or corrected ${run.put} alarms and removed ${run.removed}.${end}`,
    ...(run.problemCount > 0 ? ['', 'Problems:', ...run.problems.map((one) => `- ${oneLine(one)}`)] : []),
    ...(unnamed > 0 ? [`- and ${unnamed} more`] : []),
  ];
  return { subject: `Enrolment of ${stage}: ${run.put} alarms set, ${run.removed} removed`, text: lines.join('\n') };
}
