import type { Line } from '../../../cli/doctor/line';
import { prepare } from '../../../cli/smoke/prepare';
import { exitCodeOf, smokeRun } from '../../../cli/smoke/run';
import { bringUp } from '../../../drill/stack/stack';
import { sampleLogGroup } from '../../../tools/template/samples';
import { accountOf, type Planted } from '../../fixtures/deployed/account';
import { enrol } from '../../fixtures/deployed/enrol';
import { type WiredAccount, wiredAccount } from '../../fixtures/deployed/wire';
import { instanceId } from '../../fixtures/drill';
import { devTemplate, type Mistake } from '../../template/packaged';

/** Ends a run as Ctrl-C does, once so many calls have been made. */
const never = Number.POSITIVE_INFINITY;

/**
 * A whole smoke run on the simulated stack with a mistake in its template, or something planted in its account. Every call
 * of the run goes through a socket.
 */
async function smokeOn(mistake: Mistake = () => {}, planted: Planted = {}, stopAfter = never) {
  const stack = await bringUp({
    stage: 'dev',
    seed: 7,
    start: new Date('2026-03-02T09:00:00Z'),
    fleet: [{ instanceId }],
    template: await devTemplate(mistake),
    logGroups: [sampleLogGroup],
    overTheWire: true,
  });
  let wired: WiredAccount | undefined;
  try {
    enrol(stack, instanceId);
    const ctrlC = new AbortController();
    let calls = 0;
    const onCall = () => {
      calls += 1;
      if (calls === stopAfter) ctrlC.abort();
    };
    wired = await wiredAccount(stack, accountOf(stack, planted), onCall);
    const { clients, asked } = wired;
    const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    const clock = { now: () => new Date(), wait, signal: ctrlC.signal };
    const run = async () =>
      smokeRun(await prepare({ stage: 'dev', instance: instanceId }, clients, clock, 'abc123def456'));
    const report = await stack.time.run(run());
    const alarms = stack.cloud.cloudWatch.alarms.all();
    return {
      ...report,
      code: exitCodeOf(report),
      alarms: alarms.map(({ name, state }): [string, string] => [name, state.value]),
      calls,
      asked,
      stack,
    };
  } finally {
    stack.end();
    await wired?.close();
  }
}
const failedIn = ({ lines }: { lines: Line[] }) => lines.filter(({ verdict }) => verdict === 'fail');
const propertiesOf = (resources: Parameters<Mistake>[0], id: string) => resources[id]!.Properties;

test('a stage as it is packaged is proven from the alarm to the notice, and nothing of the run is left', async () => {
  const { lines, code, alarms, stack, asked } = await smokeOn();

  expect(lines.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  expect(code).toBe(0);
  expect(lines.map(({ id }) => id)).toEqual([
    ...['aliases', 'rules'],
    ...['bad-input-execution', 'bad-input-record', 'bad-input-notice'],
    ...['bad-input-counted', 'bad-input-failed-alarm', 'bad-input-status-event'],
    ...['finding-execution', 'finding-record', 'finding-notice', 'put-back'],
    'roles',
    ...['alarm-rule', 'alarm-state', 'alarm-execution', 'alarm-record', 'alarm-notice', 'put-back'],
    ...['composite-execution', 'composite-record', 'composite-notice', 'put-back', 'put-back'],
    ...['dead-letter-alarm', 'dead-letter-mail', 'put-back', 'dead-letter-queue'],
  ]);
  const said = new Map(lines.map((line) => [line.id, line.said]));
  expect(said.get('alarm-record')).toMatch(/^inc-\w+ (OBSERVED|ESCALATED|SKIPPED) \(/);
  expect(said.get('finding-record')).toMatch(/^SKIPPED \(sample-finding\)/);
  expect(said.get('bad-input-record')).toMatch(/^REJECTED \(/);
  expect(said.get('bad-input-counted')).toBe('ExecutionsFailed counts it under the ARN of the machine');
  expect(alarms.filter(([name]) => name.includes('smoke'))).toEqual([]);
  expect(alarms.filter(isLeft)).toEqual([]);
  expect(stack.cloud.ledger.entries.filter(({ service, effective }) => service === 'ec2' && effective)).toEqual([]);
  expect(new Set(asked.map(({ action }) => action)).size).toBe(26);
});

/** An alarm that a run has set or made; those on failures, undelivered events and silent logs say what is true. */
const isLeft = ([name, state]: [string, string]) =>
  name.includes('smoke') || (state === 'ALARM' && !/-failed$|-dead-letters$|-logs-silent$/.test(name));

/** What is planted, the lines that fail for it, and the words of the first, which tell what it is and what to do. */
test.each<[what: string, failed: string[], said: RegExp, todo: RegExp, mistake: Mistake, planted?: Planted]>([
  [
    'a rule without a role',
    ['rules', 'alarm-execution', 'composite-execution', 'dead-letter-queue'],
    /incident-playbooks-dev-restart-instance has no role/,
    /serverless deploy --stage dev --region us-east-1/,
    (all) => delete (propertiesOf(all, 'RestartInstanceRule').Targets as { RoleArn?: unknown }[])[0]!.RoleArn,
  ],
  [
    'a topic whose key lets no alarm in',
    ['dead-letter-alarm'],
    /^Failed to execute action .*:incident-playbooks-dev-notices\. Received error: .*encryption key/,
    /its key kms:Decrypt and kms:GenerateDataKey: npx serverless deploy/,
    (all) => {
      const policy = propertiesOf(all, 'NoticesKey').KeyPolicy as { Statement: { Sid: string }[] };
      policy.Statement = policy.Statement.filter(({ Sid }) => Sid !== 'AlarmsSendThroughIt');
    },
  ],
  [
    'an alias left behind',
    ['aliases'],
    /incident-playbooks-dev-restart-instance starts version 6, not 7/,
    /npm run releases -- --stage dev --to newest/,
    () => {},
    { leftBehind: ['restart-instance'] },
  ],
  [
    'a wrong prefix of alarms',
    ['alarm-rule', 'alarm-execution', 'composite-execution'],
    /does not take the alarm restart-instance-dev-cpu-high-i-0123456789abcdef0: its pattern wants \[\{"prefix":"restart-instance-prod-"\}\]/,
    /of different stages or versions/,
    (all) => {
      const pattern = propertiesOf(all, 'RestartInstanceRule').EventPattern as { detail: { alarmName: unknown } };
      pattern.detail.alarmName = [{ prefix: 'restart-instance-prod-' }];
    },
  ],
  [
    'a dead-letter alarm without an action',
    ['dead-letter-alarm'],
    /incident-playbooks-dev-dead-letters has no action/,
    /serverless deploy/,
    (all) => delete propertiesOf(all, 'DeadLetterAlarm').AlarmActions,
  ],
  [
    'a role without a condition',
    ['role-stop-instance'],
    /the role of stop-instance may ec2:StopInstances without the tag incident-playbooks:enabled; may ec2:StopInstances with the tag incident-playbooks:enabled=false/,
    /differs from the project/,
    (all) => {
      const [policy] = propertiesOf(all, 'StopInstanceIamRoleLambdaExecution').Policies as {
        PolicyDocument: { Statement: { Effect: string; Action: string | string[]; Condition?: unknown }[] };
      }[];
      for (const one of policy!.PolicyDocument.Statement)
        if (one.Effect === 'Allow' && [one.Action].flat().includes('ec2:StopInstances')) delete one.Condition;
    },
  ],
  [
    'a sample finding that the schema does not take',
    ['finding-record'],
    /^REJECTED \(/,
    /sends findings in another form than functions\/finding\/event-schema\.ts takes/,
    () => {},
    { sample: (detail) => Object.assign(detail, { updatedAt: 'yesterday' }) },
  ],
  [
    'executions that no alarm on failures counts',
    ['bad-input-failed-alarm'],
    /has not seen a failed execution that the alias started/,
    /must count the machine's ARN and the alias's/,
    (all) => {
      for (const one of propertiesOf(all, 'RestartInstanceFailedAlarm').Metrics as {
        MetricStat?: { Metric: object };
      }[])
        if (one.MetricStat)
          Object.assign(one.MetricStat.Metric, { Dimensions: [{ Name: 'StateMachineArn', Value: 'x' }] });
    },
  ],
  [
    'a rule on failed executions that takes none',
    ['bad-input-status-event'],
    /incident-playbooks-dev-execution-ended has not seen its end/,
    /its pattern must take the machine's ARN and the alias's/,
    (all) => {
      const pattern = propertiesOf(all, 'ExecutionEndedRule').EventPattern as { detail: { stateMachineArn: unknown } };
      pattern.detail.stateMachineArn = ['arn:aws:states:us-east-1:123456789012:stateMachine:another'];
    },
  ],
])('%s is found, and the line says what to do', async (_what, failed, said, todo, mistake, planted = {}) => {
  const run = await smokeOn(mistake, planted);

  const lines = failedIn(run);
  expect(lines.map(({ id }) => id)).toEqual(failed);
  expect(lines[0]).toMatchObject({ said: expect.stringMatching(said), todo: expect.stringMatching(todo) });
  expect(run.code).toBe(1);
  expect(run.alarms.filter(isLeft)).toEqual([]);
});

test.each<[Planted, string]>([
  [{ countedUnder: ['alias'], eventsOf: 'alias' }, 'alias'],
  [{ countedUnder: ['machine', 'alias'] }, 'machine and of the alias'],
])(
  'an execution that AWS counts under %j is seen by alarm and rule, and the run tells which ARN it was',
  async (planted, said) => {
    const { lines, code } = await smokeOn(() => {}, planted);

    expect(lines.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    expect(lines.find(({ id }) => id === 'bad-input-counted')!.said).toBe(
      `ExecutionsFailed counts it under the ARN of the ${said}`,
    );
    expect(code).toBe(0);
  },
);

test('Ctrl-C at any moment leaves no alarm as the run has set it, and none that it has made', async () => {
  const { calls } = await smokeOn();
  const moments = [1, 5, ...Array.from({ length: 24 }, (_, i) => Math.floor((calls * (i + 1)) / 25))];
  for (const moment of moments) {
    const run = await smokeOn(() => {}, {}, moment);

    expect({ moment, code: run.code }).toEqual({ moment, code: 130 });
    expect(run.alarms.filter(isLeft)).toEqual([]);
    expect(run.lines.filter(({ id, verdict }) => id === 'put-back' && verdict !== 'ok')).toEqual([]);
  }
});
