import { GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ask } from '../doctor/ask';
import { arnIn } from '../doctor/check';
import { type Answer, fail, type Line, notAsked, ok } from '../doctor/line';
import { aliasOf, type ClosedRecord } from './executions';
import type { Smoke, SmokeCheck } from './frame';
import { readAlarm } from './set-alarm';
import { until } from './until';
import { endOf, follow, show } from './walk';
import { deployAgain } from './wiring';

const id = 'bad-input';
const machine = 'restart-instance';
const line = (part: string, answer: Answer): Line => ({
  id: `${id}-${part.replaceAll(' ', '-')}`,
  what: `bad input: ${part}`,
  ...answer,
});

/** The alarm sums five minutes, and metrics come a minute or two later. */
const alarmsWithinMs = 12 * 60_000;

const markOf = ({ runId }: Smoke) => `smoke-${runId}`;

interface Begun {
  since: Date;
  /** The state of the alarm on failed executions before. */
  before: string | undefined;
}
const begun = new WeakMap<Smoke, Begun>();

/** Starts the playbook as a person would, with an instance that is none. */
async function begin(smoke: Smoke): Promise<void> {
  const { clients, clock, stage } = smoke;
  const alarm = await readAlarm(smoke, failedAlarm(stage));
  const input = {
    ...{ start: 'manual', instanceId: markOf(smoke), drill: true },
    ...{ reason: 'A smoke test: this input must be rejected.', requestedBy: 'smoke' },
  };
  const since = clock.now();
  await ask('states:StartExecution', () =>
    clients.sfn.send(
      new StartExecutionCommand({
        stateMachineArn: aliasOf(smoke, machine),
        name: markOf(smoke),
        input: JSON.stringify(input),
      }),
    ),
  );
  begun.set(smoke, { since, before: alarm?.StateValue });
}

const failedAlarm = (stage: string) => `incident-playbooks-${stage}-${machine}-failed`;

function judge(smoke: Smoke, record: ClosedRecord): Answer {
  if (record.outcome === 'REJECTED') return ok(endOf(record));
  return fail(`${endOf(record)}; it should be REJECTED`, show(smoke, record));
}

/** The alarm on failed executions: it must see one that the alias started. */
async function askAlarm(smoke: Smoke, { before }: Begun): Promise<Answer> {
  const name = failedAlarm(smoke.stage);
  if (before === undefined) return fail(`there is no alarm ${name}`, deployAgain(smoke));
  if (before === 'ALARM')
    return notAsked(`${name} was in ALARM before the run`, 'look at the failed executions, then run the command again');
  const alarm = await until(smoke.clock, alarmsWithinMs, async () => {
    const now = await readAlarm(smoke, name);
    return now?.StateValue === 'ALARM' ? now : undefined;
  });
  if (alarm) return ok(`${name} has seen it`);
  return fail(
    `${name} has not seen a failed execution that the alias started`,
    `its metrics must count the machine's ARN and the alias's: ${deployAgain(smoke)}`,
  );
}

const sum = (Id: string, Namespace: string, MetricName: string, Name: string, Value: string): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace, MetricName, Dimensions: [{ Name, Value }] }, Period: 60, Stat: 'Sum' },
});

/** The sums of metrics since the run began, by their IDs. */
async function sums(smoke: Smoke, since: Date, MetricDataQueries: MetricDataQuery[]): Promise<Map<string, number>> {
  const { clients, clock } = smoke;
  const minute = 60_000;
  const StartTime = new Date(Math.floor(since.getTime() / minute) * minute);
  const EndTime = new Date(clock.now().getTime() + minute);
  const { MetricDataResults = [] } = await ask('cloudwatch:GetMetricData', () =>
    clients.cloudWatch.send(new GetMetricDataCommand({ MetricDataQueries, StartTime, EndTime })),
  );
  return new Map(MetricDataResults.map(({ Id = '', Values = [] }) => [Id, Values.reduce((all, one) => all + one, 0)]));
}

/** AWS's documents do not say whether the metrics of an execution that an alias started have the alias's ARN too. */
async function askCounted(smoke: Smoke, { since }: Begun): Promise<Answer> {
  const query = (name: string, arn: string) => sum(name, 'AWS/States', 'ExecutionsFailed', 'StateMachineArn', arn);
  const queries = [
    query('machine', arnIn(smoke, 'states', `stateMachine:*-${machine}`)),
    query('alias', aliasOf(smoke, machine)),
  ];
  const found = await until(smoke.clock, alarmsWithinMs, async () => {
    const all = await sums(smoke, since, queries);
    const counted = [...all].filter(([, count]) => count > 0).map(([name]) => name);
    return counted.length > 0 ? counted : undefined;
  });
  if (found)
    return ok(`ExecutionsFailed counts it under the ARN of the ${found.sort().reverse().join(' and of the ')}`);
  return fail(
    'ExecutionsFailed counts it under neither ARN',
    'look at the metrics of AWS/States: the alarms on failed executions watch StateMachineArn',
  );
}

/** The rule on executions that ended badly: what its event carries as the machine's ARN is not documented either. */
async function askEvent(smoke: Smoke, { since }: Begun): Promise<Answer> {
  const name = `incident-playbooks-${smoke.stage}-execution-ended`;
  const queries = [sum('rule', 'AWS/Events', 'TriggeredRules', 'RuleName', name)];
  const found = await until(smoke.clock, alarmsWithinMs, async () =>
    ((await sums(smoke, since, queries)).get('rule') ?? 0) > 0 ? true : undefined,
  );
  if (found) return ok(`the rule ${name} has seen its end`);
  return fail(
    `the rule ${name} has not seen its end, so an execution that fails may leave its incident open`,
    `its pattern must take the machine's ARN and the alias's: ${deployAgain(smoke)}`,
  );
}

/** Input that is not valid: it ends REJECTED, and both the alarm and the rule on failed executions see it. */
export const badInputCheck: SmokeCheck = {
  id: 'bad-input-execution',
  what: 'bad input: execution',
  begin,
  ask: async (smoke) => {
    const made = begun.get(smoke);
    if (!made) return [];
    const lines = await follow(smoke, {
      ...{ id, what: 'bad input', machine, since: made.since },
      isOurs: (input) => input.includes(markOf(smoke)),
      whyNone: async () => fail('it is not among the executions of the alias', `look at ${aliasOf(smoke, machine)}`),
      judge: (record) => judge(smoke, record),
    });
    return [
      ...lines,
      line('counted', await askCounted(smoke, made)),
      line('failed alarm', await askAlarm(smoke, made)),
      line('status event', await askEvent(smoke, made)),
    ];
  },
};
