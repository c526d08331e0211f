import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { accountClients } from '../../../cli/doctor/clients';
import type { Line } from '../../../cli/doctor/line';
import { reportLines } from '../../../cli/doctor/lines';
import { paramsOf } from '../../../cli/doctor/project';
import { examine } from '../../../cli/doctor/run';
import { plainPaint } from '../../../drill/render/paint';
import { killSwitchKey } from '../../../functions/guard/kill-switch-key';
import { table } from '../../../functions/shared/clients/dynamodb';
import type { StageParams } from '../../../packaging/stages';
import { answering, answeringBy, denying, failing } from '../../fixtures/wire/broken';
import { confirmedMail, healthyInstance, healthyStage } from '../../fixtures/wire/healthy';
import { wireStages } from '../../fixtures/wire/stages';
import type { WireStage } from '../../fixtures/wire-stage';

const TableName = 'incident-playbooks-dev-incidents';
const now = new Date('2026-03-02T10:00:00Z');
const stages = wireStages();

/** Examines a stage that is well but for what is different. */
async function examined(
  different: Partial<WireStage> = {},
  name = 'dev',
  params: Partial<StageParams> = {},
): Promise<Map<string, Line>> {
  await stages.start(healthyStage(different));
  const { lines } = await examine(name, accountClients(), now, (one) => ({ ...paramsOf(one), ...params }));
  return new Map(lines.map((line) => [line.id, line]));
}

test('a stage that is well has a line for everything, each of them ok', async () => {
  const lines = [...(await examined()).values()];

  expect(lines.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  expect(lines.map(({ id }) => id)).toEqual([
    ...['credentials', 'region', 'params', 'deployed', 'concurrency', 'quotas', 'log-groups'],
    ...['mode', 'alias', 'rules', 'dead-letters', 'kill-switch', 'topic', 'guardduty'],
    ...['opted-in', 'enrolment', 'metrics', 'systems-manager'],
  ]);
  expect(lines.find(({ id }) => id === 'metrics')!.said).toBe(
    '1 with detailed monitoring (each minute), 0 with basic (each five minutes)',
  );
  const told = reportLines('Stage dev', lines, plainPaint);
  expect(told.at(-1)).toBe('18 ok');
  expect(told.join('\n')).toMatch(/^ok {2}credentials +arn:aws:sts::123456789012:assumed-role\/on-call\/kim$/m);
});

test('nothing is changed: only what reads is asked', async () => {
  await examined();

  expect(stages.now().asked.filter(({ action }) => !/^(Describe|List|Get)/.test(action))).toEqual([]);
});

test('an instance of a group is looked at for the alarms that its group has', async () => {
  const tags = { ...healthyInstance.tags, 'incident-playbooks:group': 'example-workers' };
  const lines = await examined({ instances: [{ ...healthyInstance, tags }] });
  const names = stages
    .now()
    .asked.filter(({ action }) => action === 'DescribeAlarms')
    .flatMap(({ input }) => (input as { AlarmNames?: string[] }).AlarmNames ?? []);

  expect(lines.get('enrolment')).toMatchObject({ verdict: 'ok', said: '3 alarms of 1 instance' });
  expect(names).not.toContain('restart-instance-dev-cpu-high-i-0123456789abcdef0');
});

/** The rule that a test switches off. */
const offRule = 'incident-playbooks-dev-block-traffic-finding';
const quiet = { ...healthyInstance, id: 'i-0aaaaaaaaaaaaaaaa' };
const limits = (all: number, free: number) =>
  answering('lambda:GetAccountSettings', {
    AccountLimit: { ConcurrentExecutions: all, UnreservedConcurrentExecutions: free },
  });
const pending = { ...confirmedMail, SubscriptionArn: 'PendingConfirmation' };

test.each<[id: string, verdict: string, different: Partial<WireStage>, said: RegExp, todo: RegExp]>([
  ['concurrency', 'warn', limits(10, 10), /10 of 10 executions are unreserved/, /--quota-code L-B99A9384/],
  [
    'quotas',
    'warn',
    answering('service-quotas:GetServiceQuota', { Quota: { Value: 5 } }),
    /only 5 rules per network ACL/,
    /request-service-quota-increase --service-code vpc --quota-code L-2AEEBF1A/,
  ],
  ['alias', 'warn', { versions: [6, 7] }, /starts version 6, not 7/, /npm run releases -- --stage dev --to newest/],
  [
    'alias',
    'fail',
    { routingOf: { 'incident-playbooks-dev-patch-instance': undefined as never } },
    /no version of incident-playbooks-dev-patch-instance/,
    /serverless deploy --stage dev --region us-east-1/,
  ],
  [
    'rules',
    'fail',
    answering('events:ListRules', { Rules: [] }),
    /missing: incident-playbooks-dev-/,
    /serverless deploy/,
  ],
  [
    'rules',
    'fail',
    answeringBy('events:ListRules', async (input, given) => {
      const { Rules } = (await healthyStage().answers!['events:ListRules']!(input, given)) as {
        Rules: { Name: string }[];
      };
      return { Rules: Rules.map((rule) => (rule.Name === offRule ? { ...rule, State: 'DISABLED' } : rule)) };
    }),
    /disabled: incident-playbooks-dev-block-traffic-finding$/,
    /aws events enable-rule --name incident-playbooks-dev-block-traffic-finding/,
  ],
  [
    'dead-letters',
    'fail',
    answering('sqs:GetQueueAttributes', { Attributes: { ApproximateNumberOfMessages: '2' } }),
    /2 events could not be delivered/,
    /aws sqs receive-message/,
  ],
  [
    'dead-letters',
    'fail',
    failing(
      'sqs:GetQueueUrl',
      'com.amazonaws.sqs#QueueDoesNotExist',
      'The specified queue does not exist.',
      'AWS.SimpleQueueService.NonExistentQueue',
    ),
    /there is no queue/,
    /serverless deploy/,
  ],
  [
    'topic',
    'fail',
    answering('sns:ListSubscriptionsByTopic', { Subscriptions: [pending] }),
    /nobody has confirmed: email kim@example\.com/,
    /confirm with the link/,
  ],
  [
    'topic',
    'warn',
    answering('sns:ListSubscriptionsByTopic', {
      Subscriptions: [confirmedMail, { ...pending, Endpoint: 'lee@example.com' }],
    }),
    /email kim@example\.com confirmed; not confirmed: email lee@example\.com/,
    /confirm with the link/,
  ],
  [
    'topic',
    'fail',
    answering('sns:ListSubscriptionsByTopic', { Subscriptions: [] }),
    /nobody is subscribed/,
    /aws sns subscribe --topic-arn arn:aws:sns:us-east-1:123456789012:incident-playbooks-dev-notices/,
  ],
  [
    'topic',
    'fail',
    failing('sns:ListSubscriptionsByTopic', 'NotFound', 'Topic does not exist'),
    /there is no topic/,
    /serverless deploy/,
  ],
  [
    'guardduty',
    'warn',
    answering('guardduty:ListDetectors', { DetectorIds: [] }),
    /off in this region/,
    /aws guardduty create-detector --enable/,
  ],
  [
    'guardduty',
    'warn',
    answering('guardduty:GetDetector', { Status: 'DISABLED' }),
    /off in this region/,
    /create-detector/,
  ],
  ['opted-in', 'warn', { instances: [] }, /no instance has the tag/, /aws ec2 create-tags/],
  [
    'opted-in',
    'warn',
    { instances: [healthyInstance, { ...quiet, tags: { 'incident-playbooks:enabled': 'yes' } }] },
    /of i-0aaaaaaaaaaaaaaaa is not "true"/,
    /create-tags --resources i-0aaaaaaaaaaaaaaaa/,
  ],
  [
    'enrolment',
    'fail',
    answering('cloudwatch:DescribeAlarms', { MetricAlarms: [] }),
    /missing: restart-instance-dev-cpu-high-i-0123456789abcdef0/,
    /start-execution --state-machine-arn \S+:incident-playbooks-dev-reconcile-alarms:live/,
  ],
  [
    'enrolment',
    'warn',
    answeringBy('cloudwatch:DescribeAlarms', ({ AlarmNames }) => ({
      MetricAlarms: (AlarmNames as string[]).map((AlarmName) => ({ AlarmName, ActionsEnabled: false })),
    })),
    /actions are disabled, which counts as maintenance/,
    /enable-alarm-actions --alarm-names restart-instance-dev-cpu-high/,
  ],
  [
    'metrics',
    'fail',
    answering('cloudwatch:GetMetricData', { MetricDataResults: [{ Id: 'm0', Values: [], StatusCode: 'Complete' }] }),
    /no CPUUtilization for 20 minutes: i-0123456789abcdef0/,
    /look at the instance/,
  ],
  [
    'metrics',
    'warn',
    {
      instances: [{ ...healthyInstance, launchedAt: '2026-03-02T09:50:00.000Z' }],
      ...answering('cloudwatch:GetMetricData', { MetricDataResults: [] }),
    },
    /^not yet, started minutes ago: i-0123456789abcdef0$/,
    /run the command again in 20 minutes/,
  ],
  [
    'metrics',
    'fail',
    {
      instances: [{ ...healthyInstance, launchedAt: '2026-03-02T09:39:00.000Z' }],
      ...answering('cloudwatch:GetMetricData', { MetricDataResults: [] }),
    },
    /no CPUUtilization for 20 minutes: i-0123456789abcdef0/,
    /look at the instance/,
  ],
  [
    'systems-manager',
    'warn',
    answering('ssm:DescribeInstanceInformation', {
      InstanceInformationList: [{ InstanceId: healthyInstance.id, PingStatus: 'ConnectionLost' }],
    }),
    /does not reach i-0123456789abcdef0/,
    /check the SSM Agent/,
  ],
])('%s: %s', async (id, verdict, different, said, todo) => {
  const line = (await examined(different)).get(id);

  expect(line).toMatchObject({ verdict, said: expect.stringMatching(said), todo: expect.stringMatching(todo) });
});

/** Ten of each of some seventy functions are more than an account has beside the hundred that AWS keeps. */
const reserved = { reservedConcurrency: 10 };
const notDeployed = { routing: undefined as never };

test.each([
  ['too much of it fails before the stage is deployed', { ...notDeployed, ...limits(400, 400) }, 'fail'],
  ['what fits is ok', { ...notDeployed, ...limits(5000, 5000) }, 'ok'],
  ['a deployed stage has taken its share already', limits(400, 60), 'ok'],
])('reserved concurrency: %s', async (_what, different, verdict) => {
  const line = (await examined(different, 'dev', reserved)).get('concurrency');

  expect(line).toMatchObject({ verdict });
  if (verdict === 'fail') {
    expect(line!.said).toMatch(
      /400 of 400 .*; reservedConcurrency 10 would reserve \d+0 for \d+ functions, and AWS keeps 100$/,
    );
    const [, reserves = ''] = /reserve (\d+)/.exec(line!.said)!;
    expect(line!.todo).toContain('set reservedConcurrency to 0');
    expect(line!.todo).toContain(`--quota-code L-B99A9384 --desired-value ${Number(reserves) + 100}`);
  }
});

const trail = { trailLogGroup: 'CloudTrail/all' };
const standard = (...names: string[]) => names.map((logGroupName) => ({ logGroupName, logGroupClass: 'STANDARD' }));
test.each<[string, Partial<WireStage>, string, RegExp, RegExp]>([
  [
    'there is none of that name',
    answering('logs:DescribeLogGroups', { logGroups: standard('CloudTrail/all-of-them') }),
    'fail',
    /^not in us-east-1: trailLogGroup CloudTrail\/all; a deployment fails without them/,
    /in resources\/stages\.yml .*aws logs create-log-group --region us-east-1 --log-group-name CloudTrail\/all$/,
  ],
  [
    'its class takes no metric filters',
    answering('logs:DescribeLogGroups', {
      logGroups: [{ logGroupName: 'CloudTrail/all', logGroupClass: 'INFREQUENT_ACCESS' }],
    }),
    'fail',
    /takes no metric filters: trailLogGroup CloudTrail\/all \(INFREQUENT_ACCESS\)/,
    /of class STANDARD/,
  ],
  ['the caller may not ask', denying('logs:DescribeLogGroups'), 'not asked', /logs:DescribeLogGroups/, /allow logs:/],
])('a log group that the stage names: %s', async (_what, different, verdict, said, todo) => {
  const line = (await examined(different, 'dev', trail)).get('log-groups');

  expect(line).toMatchObject({ verdict, said: expect.stringMatching(said), todo: expect.stringMatching(todo) });
});

test('log groups that the stage names are looked for by name, page by page; where it names none, nothing is asked', async () => {
  const pages = answeringBy('logs:DescribeLogGroups', ({ nextToken }) =>
    nextToken === 'more'
      ? { logGroups: standard('CloudTrail/all') }
      : { logGroups: standard('CloudTrail/a'), nextToken: 'more' },
  );
  const named = (await examined(pages, 'dev', trail)).get('log-groups');

  expect(named).toMatchObject({ verdict: 'ok', said: '1 are there' });
  expect(stages.now().asked.filter(({ action }) => action === 'DescribeLogGroups')).toHaveLength(2);
  await stages.now().close();
  expect((await examined()).get('log-groups')).toMatchObject({ verdict: 'ok', said: expect.stringMatching(/^none/) });
  expect(stages.now().asked.filter(({ action }) => action === 'DescribeLogGroups')).toEqual([]);
});

test('a kill switch that may not be read is told as not asked with what is missing, never as off', async () => {
  const denied = Object.assign(new Error('User is not authorized.'), { name: 'AccessDeniedException' });
  const send = jest.spyOn(table, 'send').mockRejectedValue(denied as never);

  const lines = await examined().finally(() => send.mockRestore());

  expect(lines.get('kill-switch')).toMatchObject({
    verdict: 'not asked',
    todo: expect.stringContaining('dynamodb:GetItem'),
  });
});

test('a machine that act mode has is said, and so is the kill switch', async () => {
  await table.send(
    new PutCommand({
      TableName,
      Item: { ...killSwitchKey, on: true, at: '2026-03-02T09:00:00Z', by: 'kim', reason: 'maintenance' },
    }),
  );
  const variables = {
    MODE: 'act',
    OPT_IN_TAG: 'incident-playbooks:enabled',
    PROTECTED_TAG: 'incident-playbooks:protected',
  };
  const lines = await examined({ variables });
  await table.send(new PutCommand({ TableName, Item: { ...killSwitchKey, on: false } }));

  expect(lines.get('mode')).toMatchObject({ verdict: 'ok', said: 'act: it makes changes' });
  expect(lines.get('kill-switch')).toMatchObject({
    verdict: 'warn',
    said: 'on since 2026-03-02T09:00:00Z (kim: maintenance)',
    todo: expect.stringContaining('npm run kill-switch -- --stage dev --off'),
  });
});

/** Each read, the line that needs it, and the permission that is missing. */
test.each([
  ['lambda:GetAccountSettings', 'concurrency', 'lambda:GetAccountSettings'],
  ['service-quotas:GetServiceQuota', 'quotas', 'servicequotas:GetServiceQuota'],
  ['states:ListStateMachineVersions', 'alias', 'states:ListStateMachineVersions'],
  ['events:ListRules', 'rules', 'events:ListRules'],
  ['sqs:GetQueueUrl', 'dead-letters', 'sqs:GetQueueUrl'],
  ['sqs:GetQueueAttributes', 'dead-letters', 'sqs:GetQueueAttributes'],
  ['sns:ListSubscriptionsByTopic', 'topic', 'sns:ListSubscriptionsByTopic'],
  ['guardduty:ListDetectors', 'guardduty', 'guardduty:ListDetectors'],
  ['guardduty:GetDetector', 'guardduty', 'guardduty:GetDetector'],
  ['ec2:DescribeInstances', 'opted-in', 'ec2:DescribeInstances'],
  ['cloudwatch:DescribeAlarms', 'enrolment', 'cloudwatch:DescribeAlarms'],
  ['cloudwatch:GetMetricData', 'metrics', 'cloudwatch:GetMetricData'],
  ['ssm:DescribeInstanceInformation', 'systems-manager', 'ssm:DescribeInstanceInformation'],
  ['lambda:GetFunctionConfiguration', 'deployed', 'lambda:GetFunctionConfiguration'],
])('%s that is denied is not asked, never ok: %s', async (name, id, permission) => {
  const line = (await examined(denying(name))).get(id);

  expect(line).toMatchObject({
    verdict: 'not asked',
    said: expect.stringContaining(permission),
    todo: expect.stringContaining(permission),
  });
});

test('before the first deployment what can be asked is asked, and the rest is not', async () => {
  const lines = await examined({ routing: undefined as never });
  const verdicts = (verdict: string) =>
    [...lines.values()].filter((line) => line.verdict === verdict).map(({ id }) => id);

  expect(lines.get('deployed')).toMatchObject({
    verdict: 'warn',
    said: 'not in us-east-1 of account 123456789012',
    todo: 'npx serverless deploy --stage dev --region us-east-1',
  });
  expect(verdicts('not asked')).toEqual([
    ...['mode', 'alias', 'rules', 'dead-letters', 'kill-switch', 'topic', 'enrolment'],
  ]);
  expect(verdicts('fail')).toEqual([]);
});

test('a stage that nobody named fails, and the file is named', async () => {
  const lines = await examined({}, 'prd');

  expect(lines.get('params')).toMatchObject({
    verdict: 'fail',
    said: expect.stringContaining('does not know the stage "prd"; it knows dev, staging, prod'),
  });
});

test.each([
  ['ExpiredToken', /have expired or are wrong/, /^log in again/],
  ['InvalidClientTokenId', /have expired or are wrong/, /^log in again/],
])('credentials that STS refuses (%s) are the only line', async (code, said, todo) => {
  const lines = await examined({ refused: { GetCallerIdentity: code } });

  expect([...lines.keys()]).toEqual(['credentials']);
  expect(lines.get('credentials')).toMatchObject({
    verdict: 'fail',
    said: expect.stringMatching(said),
    todo: expect.stringMatching(todo),
  });
  expect(stages.now().asked.map(({ action }) => action)).toEqual(['GetCallerIdentity']);
});
