import type { Line } from '../../../cli/doctor/line';
import { rulesOf } from '../../../cli/doctor/project';
import { smokePage } from '../../../cli/smoke/page';
import { answering, denying } from '../../fixtures/wire/broken';
import { healthyInstance } from '../../fixtures/wire/healthy';
import { goodTarget, restartAlias, smokeRuns } from '../../fixtures/wire/smoke';
import type { WireStage } from '../../fixtures/wire-stage';

const instance = healthyInstance.id;
const { run: runOn, setStates, now: stage } = smokeRuns();

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
  ['starts a version', { Arn: restartAlias.replace(':live', ':6') }, /not its alias live/],
  ['has no dead-letter queue', { DeadLetterConfig: undefined }, /in no dead-letter queue/],
])('a rule that %s is named', async (_what, change, said) => {
  const { lines } = await runOn(answering('events:ListTargetsByRule', { Targets: [{ ...goodTarget, ...change }] }));

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
  expect(stage().asked.filter(({ action }) => /^(Set|Put|Start|Create)/.test(action))).toEqual([]);
});

test('--in-act-mode lets a run go on in act mode', async () => {
  const { lines } = await runOn({ variables: act }, { inActMode: true });

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
