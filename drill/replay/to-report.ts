import { z } from 'zod';
import type { Definition } from '../report/dot';
import type { Origin, ReportExecution, ReportInput } from '../report/input';
import { type HistoryEvent, pathOf } from '../stack/history';
import type { ExecutionStatus } from '../stack/machine-runner';

const statuses: Partial<Record<HistoryEvent['type'], ExecutionStatus>> = {
  ExecutionSucceeded: 'SUCCEEDED',
  ExecutionFailed: 'FAILED',
  ExecutionTimedOut: 'TIMED_OUT',
  ExecutionAborted: 'ABORTED',
};

/** The state of an execution at the end of its history. */
export function statusOf(history: readonly HistoryEvent[]): ExecutionStatus {
  const last = history.at(-1);
  return (last && statuses[last.type]) ?? 'RUNNING';
}

/** The part of a machine's state with its incident. */
const stateSchema = z.object({
  incident: z.object({
    incidentId: z.string().default('unknown'),
    executionId: z.string().optional(),
    openedAt: z.string().optional(),
    instanceId: z.string().optional(),
    mode: z.string().optional(),
    alarm: z.object({ alarmName: z.string() }).optional(),
    plan: z.object({ reason: z.string().optional() }).optional(),
    closing: z
      .object({
        outcome: z.string(),
        code: z.string().optional(),
        reason: z.string().optional(),
        closedAt: z.string().optional(),
      })
      .optional(),
  }),
});
type State = z.output<typeof stateSchema>['incident'];

export interface RecordedRun {
  name: string;
  story: string;
  origin: Origin;
  setting: string;
  id: string;
  playbook?: string;
  machine: string;
  history: HistoryEvent[];
  definition?: Definition | undefined;
  consoleUrl?: string | undefined;
  /** Whether there is more than what is known here. */
  isCut?: boolean;
}

/** The report of an execution from its history alone: no metrics, no calls, and the record as far as the state has it. Pure. */
export function reportOnHistory({ name, story, origin, setting, isCut, playbook, ...run }: RecordedRun): ReportInput {
  const execution = executionOf(run);
  const { startedAt, endedAt = run.history.at(-1)?.at ?? startedAt } = execution;
  const state = lastState(run.history);
  return {
    name,
    story,
    origin,
    setting: [setting, state?.mode && `mode ${state.mode}`].filter(Boolean).join(', '),
    startedAt,
    endedAt,
    executions: [execution],
    incidents: state ? [incidentOf(state, run.id, startedAt)] : [],
    alarms: [],
    metrics: [],
    instances: [],
    ledger: [],
    notices: [],
    deadLetters: [],
    checks: [],
    ...(isCut ? { isCut } : {}),
    ...(playbook === undefined ? {} : { playbook }),
  };
}

function executionOf({
  id,
  machine,
  history,
  definition,
  consoleUrl,
}: Omit<RecordedRun, 'name' | 'story' | 'origin' | 'setting' | 'isCut' | 'playbook'>): ReportExecution {
  const first = history[0]!;
  const last = history.at(-1)!;
  const status = statusOf(history);
  const failure = last.type === 'ExecutionFailed' ? { error: last.error, cause: last.cause } : {};
  return {
    id,
    name: id.split(':').at(-1)!,
    machine,
    input: first.type === 'ExecutionStarted' ? first.input : undefined,
    startedAt: first.at,
    ...(status === 'RUNNING' ? {} : { endedAt: last.at }),
    status,
    ...failure,
    ...(last.type === 'ExecutionSucceeded' ? { output: last.output } : {}),
    history,
    path: pathOf(history),
    ...(definition ? { definition } : {}),
    ...(consoleUrl === undefined ? {} : { consoleUrl }),
  };
}

/** The incident from the last state that has one. */
export function lastState(history: readonly HistoryEvent[]): State | undefined {
  for (const event of history.toReversed()) {
    const value = 'output' in event ? event.output : 'input' in event ? event.input : undefined;
    const parsed = stateSchema.safeParse(value);
    if (parsed.success) return parsed.data.incident;
  }
  return undefined;
}

function incidentOf(state: State, executionId: string, startedAt: number): ReportInput['incidents'][number] {
  const { incidentId, openedAt = new Date(startedAt).toISOString(), instanceId, alarm, plan, closing } = state;
  return {
    incidentId,
    executionId,
    status: closing ? 'CLOSED' : 'OPEN',
    openedAt,
    ...(closing?.outcome === undefined ? {} : { outcome: closing.outcome }),
    ...(closing?.code === undefined ? {} : { code: closing.code }),
    ...(closing?.reason === undefined ? {} : { reason: closing.reason }),
    ...(closing?.closedAt === undefined ? {} : { closedAt: closing.closedAt }),
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(alarm ? { alarmName: alarm.alarmName } : {}),
    timeline: plan?.reason === undefined ? [] : [{ key: 'plan', at: openedAt, what: plan.reason }],
  };
}
