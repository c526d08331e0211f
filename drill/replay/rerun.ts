import { z } from 'zod';
import type { CloudEvent, SymptomInput } from '../cloud';
import { INSTANCE_METRICS } from '../cloud/ec2/spec';
import type { DrillResult } from '../scenario/result';
import { type RunOptions, runScenario } from '../scenario/run';
import { type ScenarioInput, scenarioSchema } from '../scenario/schema';
import { type HistoryEvent, pathOf } from '../stack/history';
import { noteFinding } from '../stack/note-finding';
import { account, region } from '../stack/place';
import type { Stack } from '../stack/stack';
import { RerunError } from './error';
import { answersOf, rebuild, releasedKinds } from './rebuild';
import { lastState } from './to-report';

const reasonSchema = z.object({
  threshold: z.number(),
  period: z.number().default(300),
  statistic: z.string().default('Average'),
});

/** The event of an alarm on one metric: only such an alarm can be recreated in the simulated cloud. */
const eventSchema = z.object({
  account: z.string(),
  region: z.string(),
  detail: z.object({
    alarmName: z.string(),
    state: z.object({ timestamp: z.string(), reason: z.string().default(''), reasonData: z.string().default('{}') }),
    configuration: z.object({
      metrics: z.array(
        z.object({
          metricStat: z.object({
            metric: z.object({ name: z.string(), namespace: z.string(), dimensions: z.record(z.string(), z.string()) }),
            period: z.coerce.number(),
            stat: z.string(),
          }),
        }),
      ),
    }),
  }),
});
type AlarmInput = z.output<typeof eventSchema>;

const monthSeconds = 30 * 24 * 3600;
/** How long before the alarm the trouble started: longer than the periods of the template's alarms. */
const illMs = 30 * 60_000;

/**
 * Runs the input of a recorded execution on today's machine and steps, in a cloud recreated from the history: the
 * instance with its recorded tags, and the metric of the alarm. It recovers if it did then.
 * @throws RerunError if the history has no input that can be run again
 */
export async function rerun(
  history: readonly HistoryEvent[],
  playbook: string,
  options: Pick<RunOptions, 'onPackaging' | 'onEvent' | 'template'> = {},
): Promise<DrillResult> {
  const recorded = inputOf(history);
  const event =
    eventSchema.safeParse(recorded).data ?? eventSchema.safeParse((recorded as { event?: unknown }).event).data;
  const input = atHome(recorded, event);
  const state = lastState(history);
  const { instance, targetGroups, faults } = rebuild(history);
  const kinds = releasedKinds(history);
  const instanceId = instance.instanceId ?? metricOf(event)?.dimensions.InstanceId ?? state?.instanceId;
  const begin = event ? new Date(event.detail.state.timestamp.replace('+0000', 'Z')) : new Date(history[0]!.at);
  const scenario = scenarioSchema.parse({
    name: 'rerun',
    story: 'The input of a recorded execution, run again on today’s code.',
    start: new Date(begin.getTime() - illMs).toISOString(),
    mode: state?.mode === 'observe' ? 'observe' : 'act',
    playbook: kinds ? 'isolate-instance' : playbook,
    fleet: [
      {
        ...instance,
        ...(instanceId === undefined ? {} : { instanceId }),
        launchedSecondsAgo: monthSeconds,
        symptoms: symptomsOf(event, history, state?.closing?.outcome),
      },
    ],
    account: { managed: state?.closing?.outcome !== 'UNMANAGED', targetGroups },
    faults,
    answers: kinds ? approvedFor(kinds) : answersOf(history),
    // What a release puts back, an isolation has to take away first.
    ...(kinds ? isolatedFirst(playbook, recorded as Record<string, unknown>) : {}),
    expect: {},
  });
  return runScenario(scenario, {
    schedules: false,
    ...options,
    onUp: (stack) => {
      // Only the recorded alarm exists: the template's own alarms would start more runs.
      for (const { name } of stack.cloud.cloudWatch.alarms.all()) stack.cloud.cloudWatch.alarms.delete(name);
      if (kinds) return;
      const arn = machineArn(stack, playbook);
      setTimeout(() => {
        if (event) putAlarm(stack, event);
        noteFinding(input as CloudEvent, () => [stack.cloud]);
        stack.machines.startExecution(arn, input);
      }, illMs);
    },
  });
}

/** An isolation of the instance, and an hour later the recorded release of it. */
function isolatedFirst(playbook: string, input: Record<string, unknown>): Partial<ScenarioInput> {
  const follows = [{ playbook, afterMinutes: 60, input: { ...input, isolatedBy: '{incident}' } }];
  return { starts: { by: 'manual' }, follows, lastsMinutes: 90 };
}

const approvedFor = (kinds: readonly string[]): ScenarioInput['answers'] => [
  { subject: 'isolate', answer: 'yes' },
  { subject: 'revoke-sessions', answer: kinds.includes('sessions') ? 'yes' : 'no' },
  { subject: 'release', answer: 'yes' },
];

function inputOf(history: readonly HistoryEvent[]): unknown {
  const [first] = history;
  if (
    first?.type !== 'ExecutionStarted' ||
    typeof first.input !== 'object' ||
    first.input === null ||
    Object.keys(first.input).length === 0
  )
    throw new RerunError(
      'The history has no input, so there is nothing to run again. Export it without --no-include-execution-data',
    );
  return first.input;
}

/** The simulated account is different: it replaces the input's account and region. */
function atHome(input: unknown, event: AlarmInput | undefined): unknown {
  if (!event) return input;
  const text = JSON.stringify(input).replaceAll(event.account, account).replaceAll(event.region, region);
  return JSON.parse(text) as unknown;
}

const metricOf = (event: AlarmInput | undefined) => event?.detail.configuration.metrics[0]?.metricStat.metric;

function symptomsOf(
  event: AlarmInput | undefined,
  history: readonly HistoryEvent[],
  outcome: string | undefined,
): SymptomInput[] {
  const metricName = INSTANCE_METRICS.find((name) => name === metricOf(event)?.name);
  if (!metricName || !event) return [];
  const { threshold } = reasonOf(event);
  const path = pathOf(history);
  const wasStopped = path.includes('Stop instance');
  const wasRebooted = path.includes('Reboot instance');
  const heals = outcome !== 'RESOLVED' ? 'never' : wasRebooted && !wasStopped ? 'on-reboot' : 'on-restart';
  const value = metricName === 'CPUUtilization' ? Math.min(100, Math.max(threshold * 1.1, 97)) : threshold * 1.5 + 1;
  return [{ metricName, value, heals }];
}

function reasonOf({ detail }: AlarmInput): z.output<typeof reasonSchema> {
  const parsed = reasonSchema.safeParse(JSON.parse(detail.state.reasonData || '{}'));
  return parsed.data ?? { threshold: 80, period: 300, statistic: 'Average' };
}

/** Creates the recorded alarm, already in ALARM: its event is the input, so it must not be sent again. */
function putAlarm({ cloud }: Stack, event: AlarmInput): void {
  const { alarmName, state, configuration } = event.detail;
  const { metric, period, stat } = configuration.metrics[0]!.metricStat;
  cloud.cloudWatch.putAlarm({
    AlarmName: alarmName,
    Namespace: metric.namespace,
    MetricName: metric.name,
    Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
    Statistic: stat as 'Average',
    Period: period,
    EvaluationPeriods: 3,
    Threshold: reasonOf(event).threshold,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  });
  cloud.cloudWatch.alarms.require(alarmName).state = { value: 'ALARM', reason: state.reason, at: Date.now() };
}

function machineArn({ resources }: Stack, playbook: string): string {
  const machine = resources.find(
    ({ type, arn }) => type === 'AWS::StepFunctions::StateMachine' && arn.endsWith(`-${playbook}`),
  );
  if (!machine) throw new RerunError(`The template has no state machine for the playbook "${playbook}".`);
  return machine.arn;
}
