import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { alarmCheck } from '../../../cli/smoke/alarm';
import { badInputCheck } from '../../../cli/smoke/bad-input';
import { compositeCheck } from '../../../cli/smoke/composite';
import { deadLetterAlarmCheck, deadLetterQueueCheck } from '../../../cli/smoke/dead-letters';
import { findingCheck } from '../../../cli/smoke/finding';
import type { SmokeCheck } from '../../../cli/smoke/frame';
import { wiringChecks } from '../../../cli/smoke/wiring';
import { openedShardOf } from '../../../functions/record/opened-shard';
import { recordVersion } from '../../../functions/record/record-version';
import { recordKey } from '../../../functions/record/store';
import { table } from '../../../functions/shared/clients/dynamodb';
import { answering, answeringBy, failing } from '../../fixtures/wire/broken';
import { healthyInstance, topicArn } from '../../fixtures/wire/healthy';
import { runsFrom, smokeRuns } from '../../fixtures/wire/smoke';
import { executionArnOf, type WireStage } from '../../fixtures/wire-stage';

const { run, setStates, now } = smokeRuns();
const instanceId = healthyInstance.id;
const alarmName = `restart-instance-dev-cpu-high-${instanceId}`;

/** The stage with an alarm of another state or configuration, whichever is asked for. */
const alarmThat = (is: object): Partial<WireStage> =>
  answeringBy('cloudwatch:DescribeAlarms', ({ AlarmNames = [] }) => ({
    MetricAlarms: (AlarmNames as string[]).map((AlarmName) => ({
      ...{ AlarmName, StateValue: 'OK', ActionsEnabled: true, AlarmActions: [topicArn], ...is },
    })),
  }));
const noAlarm = answering('cloudwatch:DescribeAlarms', { MetricAlarms: [], CompositeAlarms: [] });
const noRule = failing('events:DescribeRule', 'ResourceNotFoundException', 'Rule does not exist on EventBus default.');
const ruleOff = answering('events:DescribeRule', { Name: 'rule', State: 'DISABLED', EventPattern: '{}' });

type Row = [what: string, different: Partial<WireStage>, id: string, verdict: string, said: RegExp, todo: RegExp];

/** Runs one check alone, and compares one of its lines. */
const each = (check: SmokeCheck, rows: Row[]) =>
  test.each(rows)(`${check.id}: %s`, async (_what, different, id, verdict, said, todo) => {
    const { lines } = await run(different, { checks: [check] });

    expect(lines.get(id)).toMatchObject({
      verdict,
      said: expect.stringMatching(said),
      todo: expect.stringMatching(todo),
    });
  });

each(wiringChecks[0]!, [
  [
    'a machine without its alias',
    { routingOf: { 'incident-playbooks-dev-patch-instance': undefined } },
    'aliases',
    'fail',
    /^rules can start no version of incident-playbooks-dev-patch-instance$/,
    /serverless deploy --stage dev/,
  ],
]);
each(wiringChecks[1]!, [
  [
    'a rule that is gone',
    failing('events:ListTargetsByRule', 'ResourceNotFoundException', 'Rule does not exist on EventBus default.'),
    'rules',
    'fail',
    /^incident-playbooks-dev-\S+ does not exist/,
    /serverless deploy --stage dev/,
  ],
  [
    'a rule without targets',
    answering('events:ListTargetsByRule', { Targets: [] }),
    'rules',
    'fail',
    /^incident-playbooks-dev-\S+ has no target/,
    /serverless deploy --stage dev/,
  ],
]);
each(alarmCheck, [
  [
    'an instance without the alarm',
    noAlarm,
    'alarm-state',
    'fail',
    /^the instance has no alarm/,
    /reconcile-alarms:live/,
  ],
  ['an alarm in ALARM', alarmThat({ StateValue: 'ALARM' }), 'alarm-state', 'not asked', /is in ALARM now/, /OK again/],
  [
    'an alarm whose actions are disabled',
    alarmThat({ ActionsEnabled: false }),
    'alarm-state',
    'not asked',
    /counts as maintenance/,
    /aws cloudwatch enable-alarm-actions --alarm-names restart-instance-dev-cpu-high-i-0123456789abcdef0/,
  ],
  ['a rule that is gone', noRule, 'alarm-rule', 'fail', /the rule \S+ does not exist/, /serverless deploy/],
  ['a rule that is off', ruleOff, 'alarm-rule', 'fail', /the rule \S+ is disabled/, /aws events enable-rule --name/],
  [
    'an event that could not be delivered',
    answering('sqs:GetQueueAttributes', { Attributes: { ApproximateNumberOfMessages: '1' } }),
    'alarm-execution',
    'fail',
    /the event is in the dead-letter queue: the rule may not start the machine/,
    /ERROR_MESSAGE.*aws sqs receive-message/,
  ],
]);
each(compositeCheck, [
  ['an instance without the alarm', noAlarm, 'composite-execution', 'fail', /^the instance has no alarm/, /reconcile/],
  [
    'a composite alarm that is never evaluated',
    answeringBy('cloudwatch:DescribeAlarms', ({ AlarmNames = [], AlarmTypes }) => {
      const [AlarmName] = AlarmNames as string[];
      return AlarmTypes
        ? { CompositeAlarms: [{ AlarmName, StateValue: 'INSUFFICIENT_DATA' }] }
        : { MetricAlarms: [{ AlarmName, StateValue: 'OK', ActionsEnabled: true }] };
    }),
    'composite-execution',
    'not asked',
    /did not evaluate the composite alarm/,
    /run the command again/,
  ],
]);
each(deadLetterAlarmCheck, [
  ['no such alarm', noAlarm, 'dead-letter-alarm', 'fail', /^there is no alarm/, /serverless deploy/],
  [
    'an alarm without an action',
    alarmThat({ AlarmActions: [] }),
    'dead-letter-alarm',
    'fail',
    /has no action, so nobody would be told/,
    /serverless deploy/,
  ],
  [
    'an alarm whose actions are disabled',
    alarmThat({ ActionsEnabled: false }),
    'dead-letter-alarm',
    'fail',
    /the actions of \S+ are disabled/,
    /aws cloudwatch enable-alarm-actions/,
  ],
  [
    'an alarm in ALARM',
    alarmThat({ StateValue: 'ALARM' }),
    'dead-letter-alarm',
    'not asked',
    /is in ALARM now/,
    /aws sqs receive-message/,
  ],
  [
    'an action that failed',
    answering('cloudwatch:DescribeAlarmHistory', {
      AlarmHistoryItems: [{ HistorySummary: `Failed to execute action ${topicArn}`, HistoryData: '{"error":"KMS"}' }],
    }),
    'dead-letter-alarm',
    'fail',
    /^Failed to execute action \S+ \{"error":"KMS"\}$/,
    /kms:Decrypt and kms:GenerateDataKey/,
  ],
  [
    'nobody who is subscribed',
    answering('sns:ListSubscriptionsByTopic', { Subscriptions: [] }),
    'dead-letter-mail',
    'fail',
    /^nobody is subscribed/,
    /aws sns subscribe/,
  ],
]);
each(deadLetterQueueCheck, [
  [
    'no queue',
    failing('sqs:GetQueueUrl', 'com.amazonaws.sqs#QueueDoesNotExist', 'No.', 'AWS.SimpleQueueService.NonExistentQueue'),
    'dead-letter-queue',
    'fail',
    /^there is no queue$/,
    /serverless deploy/,
  ],
  [
    'an event in it',
    answering('sqs:GetQueueAttributes', { Attributes: { ApproximateNumberOfMessages: '1' } }),
    'dead-letter-queue',
    'fail',
    /^1 event could not be delivered$/,
    /aws sqs receive-message/,
  ],
]);
each(findingCheck, [
  [
    'GuardDuty that is off',
    answering('guardduty:ListDetectors', { DetectorIds: [] }),
    'finding-execution',
    'not asked',
    /GuardDuty is off/,
    /aws guardduty create-detector --enable/,
  ],
  [
    'findings of every type',
    answering('guardduty:ListFindings', { FindingIds: ['one'] }),
    'finding-execution',
    'not asked',
    /there are findings of every type/,
    /archive the samples/,
  ],
  [
    'a rule that is off',
    ruleOff,
    'finding-execution',
    'fail',
    /the rule \S+-finding is disabled/,
    /enable-rule --name/,
  ],
]);
each(badInputCheck, [
  [
    'no execution',
    {},
    'bad-input-execution',
    'fail',
    /not among the executions of the alias/,
    /restart-instance:live$/,
  ],
  [
    'no alarm on failed executions',
    noAlarm,
    'bad-input-failed-alarm',
    'fail',
    /^there is no alarm/,
    /serverless deploy/,
  ],
  [
    'an alarm that was in ALARM before',
    alarmThat({ StateValue: 'ALARM' }),
    'bad-input-failed-alarm',
    'not asked',
    /was in ALARM before the run/,
    /failed executions/,
  ],
]);

test('a stage that isolates only what no sample reaches is not asked with one', async () => {
  const { lines } = await run({}, { checks: [findingCheck], params: { isolateSeverity: 9 } });

  expect(lines.get('finding-execution')).toMatchObject({
    verdict: 'not asked',
    said: expect.stringMatching(/^isolateSeverity 9 of stage dev is above every sample's 8$/),
  });
  expect(now().asked.map(({ action }) => action)).not.toContain('CreateSampleFindings');
});

/** What each check's execution has as its input, so that the run knows it for its own. */
const inputs = {
  alarm: { 'detail-type': 'CloudWatch Alarm State Change', detail: { state: { reason: 'smoke abc123: set' } } },
  composite: { detail: { alarmName: 'restart-instance-dev-smoke-abc123' } },
  'bad-input': { instanceId: 'smoke-abc123' },
  finding: {
    detail: {
      ...{ id: 'finding', type: 'Backdoor:EC2/C&CActivity.B' },
      service: { additionalInfo: { sample: true } },
    },
  },
};
const checkOf = { alarm: alarmCheck, composite: compositeCheck, 'bad-input': badInputCheck, finding: findingCheck };
type Walked = keyof typeof checkOf;
const arnOf = (walked: string) => executionArnOf('incident-playbooks-dev-restart-instance', walked);

/** The stage in which the check's execution began, and how it stands. */
const began = (walked: Walked, status: string): Partial<WireStage> => {
  const execution = {
    ...{ executionArn: arnOf(walked), name: walked, status, startDate: new Date(runsFrom) },
    stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:incident-playbooks-dev-restart-instance',
  };
  return {
    answers: {
      'states:ListExecutions': () => ({ executions: [execution] }),
      'states:DescribeExecution': () => ({ ...execution, input: JSON.stringify(inputs[walked]) }),
      'guardduty:ArchiveFindings': () => ({}),
    },
  };
};

/** Puts the record of the check's execution into the table, as a playbook closes it. */
async function closed(walked: Walked, record: object): Promise<void> {
  const incidentId = 'inc-0123456789abcdef0123';
  const Item = {
    ...recordKey(incidentId),
    ...{ recordVersion, incidentId, executionId: arnOf(walked), playbook: 'restart-instance', status: 'CLOSED' },
    ...{ openedAt: runsFrom, ...openedShardOf(incidentId, runsFrom), closedAt: runsFrom, mode: 'observe' },
    ...{ outcome: 'OBSERVED', code: 'observed', reason: 'It would have restarted it.', instanceId, ...record },
  };
  await table.send(new PutCommand({ TableName: 'incident-playbooks-dev-incidents', Item }));
}

test.each(Object.keys(checkOf) as Walked[])('%s: an execution that still runs is not asked further', async (walked) => {
  const { lines } = await run(began(walked, 'RUNNING'), { checks: [checkOf[walked]] });

  expect(lines.get(`${walked}-execution`)).toMatchObject({
    verdict: 'not asked',
    said: expect.stringMatching(/and still runs: arn:aws:states:/),
    todo: expect.stringContaining('npm run incidents -- --stage dev'),
  });
  for (const part of ['record', 'notice'])
    expect(lines.get(`${walked}-${part}`)).toMatchObject({ verdict: 'not asked' });
});

test('an execution without a record in the table fails, and its notice is not asked', async () => {
  await closed('alarm', { executionId: 'arn:aws:states:us-east-1:123456789012:execution:another:one' });
  const { lines } = await run(began('alarm', 'SUCCEEDED'), { checks: [alarmCheck] });

  expect(lines.get('alarm-execution')).toMatchObject({ verdict: 'ok' });
  expect(lines.get('alarm-record')).toMatchObject({
    verdict: 'fail',
    todo: expect.stringContaining('aws stepfunctions get-execution-history --execution-arn'),
  });
  expect(lines.get('alarm-notice')).toMatchObject({ verdict: 'not asked' });
});

const incident = /npm run incidents -- inc-0123456789abcdef0123 --stage dev/;
test.each<[Walked, string, object, part: string, verdict: string, said: RegExp, todo: RegExp]>([
  ['alarm', 'of another instance', { instanceId: 'i-0aaa' }, 'record', 'fail', /its instance is i-0aaa$/, incident],
  ['alarm', 'of nothing', { instanceId: undefined }, 'record', 'fail', /its instance is not known$/, incident],
  ['alarm', 'that was misread', { outcome: 'SKIPPED', code: 'no-instance' }, 'record', 'fail', /^SKIPPED/, incident],
  ['alarm', 'that failed', { outcome: 'FAILED', code: 'step-failed' }, 'record', 'fail', /^FAILED/, incident],
  ['alarm', 'that joined another', { outcome: 'SKIPPED', code: 'joined' }, 'record', 'not asked', /joined/, /is over/],
  [
    'alarm',
    'whose notice stays unsent',
    { noticeState: 'PENDING' },
    'notice',
    'fail',
    /could not be sent/,
    /aws logs tail \S+ .*send-notice/,
  ],
  [
    'composite',
    'whose child went back too soon',
    { outcome: 'SKIPPED', code: 'alarm-recovered', instanceId: undefined },
    'record',
    'not asked',
    /took the child alarm back/,
    /run the command again/,
  ],
  ['bad-input', 'that took it', {}, 'record', 'fail', /; it should be REJECTED$/, incident],
  [
    'finding',
    'with another schema',
    { outcome: 'REJECTED', code: 'invalid-input' },
    'record',
    'fail',
    /^REJECTED/,
    /another form/,
  ],
  ['finding', 'that took it for real', {}, 'record', 'fail', /^OBSERVED/, /a sample should be skipped/],
])('%s: a record %s', async (walked, _what, record, part, verdict, said, todo) => {
  await closed(walked, record);
  const { lines } = await run(began(walked, 'SUCCEEDED'), { checks: [checkOf[walked]] });

  expect(lines.get(`${walked}-${part}`)).toMatchObject({
    verdict,
    said: expect.stringMatching(said),
    todo: expect.stringMatching(todo),
  });
});

test('a record of a newer release is one failure, which hinders no other check', async () => {
  await closed('alarm', { recordVersion: recordVersion + 1 });
  const { lines } = await run(began('alarm', 'SUCCEEDED'), { checks: [alarmCheck, deadLetterQueueCheck] });

  expect(lines.get('alarm-state')).toMatchObject({
    verdict: 'fail',
    said: expect.stringContaining('A newer release wrote this record'),
    todo: expect.stringContaining('the release that is deployed'),
  });
  expect(lines.get('dead-letter-queue')).toMatchObject({ verdict: 'ok' });
});

test('an alarm that cannot be put back is a failure with the command for it', async () => {
  let sets = 0;
  const { lines, code } = await run(
    answeringBy('cloudwatch:SetAlarmState', () => {
      sets += 1;
      if (sets === 1) return {};
      return failing('', 'InternalServiceFault').answers!['']!({}, now());
    }),
    { checks: [alarmCheck] },
  );

  expect(lines.get('put-back')).toMatchObject({
    verdict: 'fail',
    said: expect.stringMatching(`^not: ${alarmName} is OK again`),
    todo: expect.stringContaining(`aws cloudwatch set-alarm-state --region us-east-1 --alarm-name ${alarmName}`),
  });
  expect(setStates()[0]).toEqual([alarmName, 'ALARM']);
  expect(code).toBe(1);
});
