import { accountClients } from '../../../cli/doctor/clients';
import type { Line } from '../../../cli/doctor/line';
import { rulesOf } from '../../../cli/doctor/project';
import { smokePage } from '../../../cli/smoke/page';
import { prepare } from '../../../cli/smoke/prepare';
import { exitCodeOf, smokeRun } from '../../../cli/smoke/run';
import { answering, denying } from '../../fixtures/wire/broken';
import { healthyStage, topicArn } from '../../fixtures/wire/healthy';
import { wireStages } from '../../fixtures/wire/stages';
import type { WireStage } from '../../fixtures/wire-stage';

const instance = 'i-0123456789abcdef0';
const queue = 'arn:aws:sqs:us-east-1:123456789012:incident-playbooks-dev-dead-letters';
const machine = 'arn:aws:states:us-east-1:123456789012:stateMachine:incident-playbooks-dev-restart-instance:live';
const stages = wireStages();

/** A stage over the wire in which everything can be asked, and nothing ever starts. */
const still = (different: Partial<WireStage>): Partial<WireStage> =>
  healthyStage({
    ...different,
    answers: {
      'events:ListTargetsByRule': () => ({
        Targets: [
          { Id: 'one', Arn: machine, RoleArn: 'arn:aws:iam::123456789012:role/rule', DeadLetterConfig: { Arn: queue } },
        ],
      }),
      'events:DescribeRule': ({ Name }) => ({
        ...{ Name, State: 'ENABLED' },
        EventPattern: JSON.stringify({
          source: ['aws.cloudwatch'],
          detail: { alarmName: [{ prefix: 'restart-instance-dev-' }] },
        }),
      }),
      'cloudwatch:DescribeAlarms': ({ AlarmNames = [] }) => ({
        MetricAlarms: (AlarmNames as string[]).map((AlarmName) => ({
          ...{ AlarmName, StateValue: 'OK', ActionsEnabled: true, AlarmActions: [topicArn] },
        })),
        CompositeAlarms: (AlarmNames as string[]).map((AlarmName) => ({ AlarmName, StateValue: 'OK' })),
      }),
      'cloudwatch:SetAlarmState': () => ({}),
      'cloudwatch:PutCompositeAlarm': () => ({}),
      'cloudwatch:DeleteAlarms': () => ({}),
      'cloudwatch:DescribeAlarmHistory': () => ({ AlarmHistoryItems: [] }),
      'cloudwatch:GetMetricData': () => ({ MetricDataResults: [] }),
      'states:ListExecutions': () => ({ executions: [] }),
      'guardduty:ListFindings': () => ({ FindingIds: [] }),
      'guardduty:CreateSampleFindings': () => ({}),
      'iam:SimulatePrincipalPolicy': () => ({
        EvaluationResults: [{ EvalActionName: 'a', EvalResourceName: '*', EvalDecision: 'implicitDeny' }],
        IsTruncated: false,
      }),
      ...different.answers,
    },
  });

/** A run whose clock moves only while it waits. */
async function runOn(different: Partial<WireStage> = {}, inActMode = false) {
  await stages.start(still(different));
  let now = Date.parse('2026-03-02T10:00:00Z');
  const wait = async (ms: number) => {
    now += ms * 6;
  };
  const clock = { now: () => new Date(now), wait, signal: new AbortController().signal };
  const report = await smokeRun(
    await prepare({ stage: 'dev', instance, inActMode }, accountClients(), clock, 'abc123'),
  );
  return { report, lines: new Map(report.lines.map((line) => [line.id, line])), code: exitCodeOf(report) };
}
const setStates = () =>
  stages
    .now()
    .asked.filter(({ action }) => action === 'SetAlarmState')
    .map(({ input }) => [input.AlarmName, input.StateValue]);

test('where nothing starts, each step fails by itself and says what to do, and each alarm goes back', async () => {
  const { lines, code, report } = await runOn();

  const failed = (id: string): Line | undefined => lines.get(id);
  expect(failed('alarm-execution')).toMatchObject({
    verdict: 'fail',
    said: expect.stringContaining('no execution began'),
    todo: expect.stringContaining('MatchedEvents and FailedInvocations'),
  });
  expect(failed('composite-execution')).toMatchObject({ verdict: 'fail', todo: expect.any(String) });
  expect(failed('finding-execution')).toMatchObject({ verdict: 'fail', todo: expect.stringContaining('GuardDuty') });
  expect(failed('bad-input-counted')).toMatchObject({ verdict: 'fail', todo: expect.stringContaining('AWS/States') });
  expect(failed('bad-input-failed-alarm')).toMatchObject({ verdict: 'fail', todo: expect.stringContaining('deploy') });
  expect(failed('bad-input-status-event')).toMatchObject({ verdict: 'fail', todo: expect.stringContaining('deploy') });
  expect(failed('dead-letter-alarm')).toMatchObject({ verdict: 'fail', todo: expect.stringContaining('history') });
  expect(failed('role-stop-instance')).toMatchObject({
    verdict: 'fail',
    said: expect.stringContaining('may not ec2:StopInstances with the tag incident-playbooks:enabled=true'),
  });
  expect(failed('dead-letter-queue')).toMatchObject({ verdict: 'ok' });
  expect(report.lines.every(({ verdict, todo }) => verdict === 'ok' || (todo ?? '') !== '')).toBe(true);
  expect(code).toBe(1);
  const alarm = `restart-instance-dev-cpu-high-${instance}`;
  const letters = 'incident-playbooks-dev-dead-letters';
  expect(setStates()).toEqual([
    ...[alarm, alarm].flatMap((name) => [
      [name, 'ALARM'],
      [name, 'OK'],
    ]),
    [letters, 'ALARM'],
    [letters, 'OK'],
  ]);
});

/** What is denied, the line that cannot ask, and the permission that it names. */
test.each([
  ['states:ListStateMachineVersions', 'aliases', 'states:ListStateMachineVersions'],
  ['events:ListTargetsByRule', 'rules', 'events:ListTargetsByRule'],
  ['states:StartExecution', 'bad-input-execution', 'states:StartExecution'],
  ['guardduty:CreateSampleFindings', 'finding-execution', 'guardduty:CreateSampleFindings'],
  ['guardduty:ListFindings', 'finding-execution', 'guardduty:ListFindings'],
  ['iam:SimulatePrincipalPolicy', 'roles', 'iam:SimulatePrincipalPolicy'],
  ['events:DescribeRule', 'alarm-state', 'events:DescribeRule'],
  ['cloudwatch:SetAlarmState', 'alarm-state', 'cloudwatch:SetAlarmState'],
  ['states:ListExecutions', 'alarm-state', 'states:ListExecutions'],
  ['cloudwatch:PutCompositeAlarm', 'composite-execution', 'cloudwatch:PutCompositeAlarm'],
  ['cloudwatch:DescribeAlarmHistory', 'dead-letter-alarm', 'cloudwatch:DescribeAlarmHistory'],
  ['sns:ListSubscriptionsByTopic', 'dead-letter-alarm', 'sns:ListSubscriptionsByTopic'],
  ['sqs:GetQueueAttributes', 'dead-letter-queue', 'sqs:GetQueueAttributes'],
])('%s that is denied leaves %s not asked, never ok, and names %s', async (name, id, permission) => {
  const run = await runOn(denying(name));

  expect(run.lines.get(id)).toMatchObject({
    verdict: 'not asked',
    said: expect.stringContaining(permission),
    todo: expect.stringContaining(permission),
  });
  expect(run.code).toBe(1);
  if (name !== 'cloudwatch:SetAlarmState') expect(setStates().at(-1)?.[1] ?? 'OK').toBe('OK');
});

test.each([
  ['has no role', { RoleArn: undefined }, /has no role/],
  ['starts a version', { Arn: machine.replace(':live', ':6') }, /not its alias live/],
  ['has no dead-letter queue', { DeadLetterConfig: undefined }, /in no dead-letter queue/],
])('a rule that %s is named', async (_what, change, said) => {
  const target = {
    Id: 'one',
    Arn: machine,
    RoleArn: 'arn:aws:iam::123456789012:role/rule',
    DeadLetterConfig: { Arn: queue },
  };
  const { lines } = await runOn(answering('events:ListTargetsByRule', { Targets: [{ ...target, ...change }] }));

  expect(lines.get('rules')).toMatchObject({ verdict: 'fail', said: expect.stringMatching(said) });
  expect(lines.get('rules')!.said).toContain(rulesOf('dev')[0]);
});

const act = {
  ...{ MODE: 'act', OPT_IN_TAG: 'incident-playbooks:enabled', PROTECTED_TAG: 'incident-playbooks:protected' },
};
test.each<[string, Partial<WireStage>, RegExp]>([
  ['in act mode', { variables: act }, /^Nothing was set: stage dev is in act mode, .* pass --in-act-mode/],
  ['that is not there', { routing: undefined as never }, /^Nothing was set: stage dev could not be read: not found/],
  ['without the instance', { instances: [] }, /no instance i-0123456789abcdef0/],
  [
    'without credentials',
    { refused: { GetCallerIdentity: 'ExpiredToken' } },
    /^Nothing was set: the credentials have expired/,
  ],
])('on a stage %s nothing is set', async (_what, different, message) => {
  await expect(runOn(different)).rejects.toThrow(message);
  expect(stages.now().asked.filter(({ action }) => /^(Set|Put|Start|Create)/.test(action))).toEqual([]);
});

test('--in-act-mode lets a run go on in act mode', async () => {
  const { lines } = await runOn({ variables: act }, true);

  expect(lines.get('aliases')).toMatchObject({ verdict: 'ok' });
});

test('the page shows each line with what to do, and escapes what AWS says', async () => {
  const { report } = await runOn();
  const line = {
    id: 'x',
    what: 'alarm',
    verdict: 'fail' as const,
    said: '<script>alert(1)</script>',
    todo: 'do <this>',
  };
  const page = smokePage({ ...report, lines: [...report.lines, line] });

  expect(page).not.toContain('<script>');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).toContain('do &lt;this&gt;');
  expect(page).toContain('default-src &#39;none&#39;');
});
