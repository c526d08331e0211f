import { secondsBetween } from '../shared/clock';
import * as z from '../shared/schema';
import type { Applied } from './apply';

/** How a reconcile run stands; it goes round until the verdict is another than MORE. */
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
});
export type Run = z.output<typeof runSchema>;

/** What one invocation found and did. */
export interface Round {
  instances: number;
  alarms: number;
  applied: Applied;
  problems: readonly string[];
}

/** Problems that are named; the rest is counted. The machine's state has a size limit. */
const namedProblems = 20;

/** Adds one round to a run. The run goes on while changes are left, up to its ceiling. */
export function judgeRun(
  { instances, alarms, applied, problems }: Round,
  before: Run | undefined,
  startedAt: Date,
  now: Date,
  ceilingSeconds: number,
): Run {
  const since = before?.since ?? startedAt.toISOString();
  const isOverdue = secondsBetween(since, now) >= ceilingSeconds;
  return {
    since,
    attempt: (before?.attempt ?? 0) + 1,
    instances,
    alarms,
    put: (before?.put ?? 0) + applied.put,
    removed: (before?.removed ?? 0) + applied.removed,
    left: applied.left,
    problems: problems.slice(0, namedProblems),
    problemCount: problems.length,
    verdict: applied.left === 0 ? 'DONE' : isOverdue ? 'OVERDUE' : 'MORE',
    waitSeconds: 5,
  };
}

/** What people are told of a run; undefined when there is nothing to tell. */
export function describeRun(run: Run, stage: string): { subject: string; text: string } | undefined {
  if (run.put + run.removed === 0 && run.problemCount === 0 && run.verdict === 'DONE') return undefined;
  const end = run.verdict === 'DONE' ? '' : ` ${run.left} changes are left: look at the execution.`;
  const unnamed = run.problemCount - run.problems.length;
  const lines = [
    `${run.instances} instances are enrolled, with ${run.alarms} alarms.`,
    `This run made or corrected ${run.put} alarms and removed ${run.removed}.${end}`,
    ...(run.problemCount > 0
      ? ['', 'What could not be done as it is asked for:', ...run.problems.map((one) => `- ${one}`)]
      : []),
    ...(unnamed > 0 ? [`- and ${unnamed} more`] : []),
  ];
  return { subject: `Enrolment of ${stage}: ${run.put} alarms set, ${run.removed} removed`, text: lines.join('\n') };
}
