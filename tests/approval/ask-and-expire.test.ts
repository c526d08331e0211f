import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { handler as ask } from '../../functions/approval/ask-approval';
import { handler as expire } from '../../functions/approval/expire-approval';
import { readQuestion } from '../../functions/approval/store';
import { table } from '../../functions/shared/clients/dynamodb';
import { sns } from '../../functions/shared/clients/sns';
import { answering } from '../fixtures/answering';
import { openRecordOf, questionOf } from '../fixtures/approved';
import { config } from '../fixtures/config';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const now = new Date('2026-11-24T02:00:00.000Z');
const instanceId = 'i-0123456789abcdef0';
const target = { instanceId, reboot: 'NoReboot' as const };
const where = { account: '123456789012', region: 'us-east-1' };
const alarm = {
  ...where,
  alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu-high',
  alarmName: 'cpu-high',
  kind: 'metric',
  state: 'ALARM',
  changedAt: now.toISOString(),
  reason: 'CPU over 90 %',
  metricNames: [],
};
const finding = {
  ...where,
  findingArn: 'arn:aws:guardduty:us-east-1:123456789012:detector/d/finding/1',
  type: 'Backdoor:EC2/C&CActivity.B',
  severity: 8,
  title: 'Talks to v1.2 hosts.',
  updatedAt: now.toISOString(),
  remoteAddresses: [],
};
let stop: () => Promise<void>;
let told: [string, unknown][];
let count = 0;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  setEnvironment({ ANSWER_FUNCTION: 'answer', APPROVALS_NEEDED: '2' });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  jest.useFakeTimers({ now, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'] });
  told = answering(sns, () => ({ Publish: () => ({}) }));
});
afterEach(() => jest.useRealTimers());

const put = (Item: Record<string, unknown>) => table.send(new PutCommand({ TableName: config.TABLE_NAME, Item }));
const entryOf = async (incidentId: string, key: string) => {
  const Key = { pk: `INCIDENT#${incidentId}`, sk: `ENTRY#${key}` };
  return (await table.send(new GetCommand({ TableName: config.TABLE_NAME, Key }))).Item;
};
async function patching(change: Record<string, unknown> = {}) {
  const incident = {
    incidentId: `inc-${String(count++).padStart(20, '0')}`,
    executionId: 'execution',
    playbook: 'patch-instance',
    trigger: 'manual' as const,
    drill: false,
    mode: 'act' as const,
    openedAt: now.toISOString(),
    instanceId,
    request: { reason: 'monthly', requestedBy: 'alice', operation: 'install', reboot: 'NoReboot' },
    ...change,
  };
  await put(openRecordOf(incident));
  return incident;
}
const messageOf = ([, input]: [string, unknown]) => String((input as { Message: string }).Message);

describe('a request', () => {
  const asking = (incident: object, change: object = {}) =>
    ask({ incident, subject: 'install', waitSeconds: 3600, taskToken: 'task-token-1', ...change }, lambdaContext);

  test('is kept, told and noted, with the deadline half a minute before the execution gives up', async () => {
    const incident = await patching();
    const answerBy = '2026-11-24T02:59:30.000Z';
    const { questionId } = await asking(incident);

    expect(questionId).toMatch(/^q-[0-9a-f]{12}$/);
    const what = `Install missing patches on ${instanceId}, without a reboot.`;
    expect(await readQuestion(incident.incidentId, 'install', config)).toMatchObject({
      questionId,
      executionId: 'execution',
      playbook: 'patch-instance',
      mode: 'act',
      target,
      what,
      needed: 2,
      requestedBy: 'alice',
      token: 'task-token-1',
      askedAt: now.toISOString(),
      answerBy,
      status: 'OPEN',
    });
    expect(messageOf(told[0]!)).toContain(what);
    expect(messageOf(told[0]!)).not.toContain('task-token-1');
    expect(await entryOf(incident.incidentId, 'approval-asked#install')).toMatchObject({
      at: now.toISOString(),
      what: `Requested approval ${questionId} by ${answerBy}: ${what}`,
    });
  });

  test.each<[string, Record<string, unknown>, string[]]>([
    ['a person', {}, ['Reason: started manually by alice: monthly', 'Score: none']],
    [
      'a score',
      { score: { explanation: 'CPU 97 % stands out.' } },
      ['Reason: started manually by alice: monthly', 'Score: CPU 97 % stands out.'],
    ],
  ])('started by %s says so', async (_what, change, parts) => {
    await asking(await patching(change));

    for (const part of parts) expect(messageOf(told[0]!)).toContain(part);
  });

  test.each<[string, Record<string, unknown>, string[]]>([
    ['nobody who is known', {}, ['Reason: started manually by unknown: no reason given', 'Score: none']],
    ['an alarm', { alarm }, ['Reason: alarm cpu-high: CPU over 90 %', 'Score: none']],
    [
      'a finding',
      { finding },
      ['Reason: GuardDuty: Talks to v1.2 hosts (Backdoor:EC2/C&CActivity.B)\n', 'Score: GuardDuty severity 8 of 10'],
    ],
    [
      'a finding about something on the instance',
      { finding: { ...finding, resourceType: 'Container' } },
      ['(Backdoor:EC2/C&CActivity.B); it is about Container on the instance\n'],
    ],
    [
      'a storm of findings',
      { finding, block: { storm: { since: '01:30', addresses: 7 }, sources: 'in 9 log lines' } },
      ['(Backdoor:EC2/C&CActivity.B); 7 addresses in findings since 01:30\n', 'Score: GuardDuty severity 8 of 10'],
    ],
    ['a log that names the sources', { block: { sources: 'in 9 log lines' } }, ['Score: in 9 log lines']],
  ])('started by %s says so, in the region of the function', async (_what, change, parts) => {
    process.env.AWS_REGION = 'eu-west-1';
    const eligibility = { planned: { code: 'instance-stop' } };
    await asking(await patching({ request: undefined, eligibility, ...change }), { subject: 'move-host' });

    for (const part of parts) expect(messageOf(told[0]!)).toContain(part);
    expect(messageOf(told[0]!)).toContain('aws:amz:eu-west-1:lambda');
  });

  test('is queued as an event', async () => {
    const incident = await patching();
    const { questionId } = await asking(incident);
    const Key = { pk: `INCIDENT#${incident.incidentId}`, sk: 'EVENT#approval.asked#install' };

    expect((await table.send(new GetCommand({ TableName: config.TABLE_NAME, Key }))).Item).toMatchObject({
      type: 'approval.asked',
      detail: { questionId, needed: 2, answerBy: '2026-11-24T02:59:30.000Z' },
      noticeState: 'EVENT',
      closedAt: now.toISOString(),
    });
  });

  test('goes out with the stored deadline when a retry asks again', async () => {
    const incident = await patching();
    await asking(incident);
    jest.setSystemTime(now.getTime() + 60_000);

    expect(await asking(incident, { taskToken: 'task-token-2' })).toMatchObject({
      answerBy: '2026-11-24T02:59:30.000Z',
    });
    expect(told).toHaveLength(2);
    expect(messageOf(told[1]!)).toContain('2026-11-24T02:59:30.000Z');
  });

  test('needs one person unless the stage says otherwise, and at most nine', async () => {
    delete process.env.APPROVALS_NEEDED;
    const incident = await patching();
    await asking(incident);

    expect(await readQuestion(incident.incidentId, 'install', config)).toMatchObject({ needed: 1 });
    for (const wrong of ['0', '10', 'x1', '1x']) {
      process.env.APPROVALS_NEEDED = wrong;
      await expect(asking(await patching())).rejects.toMatchObject({ name: 'InvalidInputError' });
    }
  });

  test.each([
    ['an empty token', { taskToken: '' }],
    ['a token that is too long', { taskToken: 'x'.repeat(2049) }],
    ['a subject that there is not', { subject: 'delete' }],
  ])('with %s is refused', async (_what, change) => {
    await expect(asking(await patching(), change)).rejects.toMatchObject({ name: 'InvalidInputError' });
    expect(told).toEqual([]);
  });
});

describe('the end of a request', () => {
  const expiring = (incident: object) => expire({ incident, subject: 'install' }, lambdaContext);
  const asked = async (change: Record<string, unknown> = {}) => {
    const incident = await patching();
    await put(questionOf(incident, 'install', target, { answerBy: now.toISOString(), ...change }));
    return incident;
  };

  test('means no, is noted, and comes as often as the step is tried', async () => {
    const incident = await asked();
    const verdict = {
      verdict: 'NO_ANSWER',
      subject: 'install',
      at: now.toISOString(),
      conclusion: { outcome: 'ESCALATED', code: 'no-answer' },
    };

    expect(await expiring(incident)).toMatchObject(verdict);
    expect(await expiring(incident)).toMatchObject(verdict);
    expect(await entryOf(incident.incidentId, 'approval-expired#install')).toMatchObject({
      at: now.toISOString(),
      what: 'Nobody answered in time (install), which means no.',
    });
  });

  test.each([
    [
      'is still open',
      { answerBy: '2026-11-24T02:00:01.000Z' },
      'QuestionStillOpenError',
      'The request for approval (install) may be answered until 2026-11-24T02:00:01.000Z.',
    ],
    [
      'was answered',
      { status: 'ANSWERED' },
      'AlreadyAnsweredError',
      'The request for approval (install) has been answered.',
    ],
  ])('does not come to one that %s', async (_what, change, name, message) => {
    const incident = await asked(change);

    await expect(expiring(incident)).rejects.toMatchObject({ name, message });
    expect(await entryOf(incident.incidentId, 'approval-expired#install')).toBeUndefined();
  });

  test('does not come to none', async () => {
    await expect(expiring(await patching())).rejects.toMatchObject({
      name: 'NoApprovalAskedError',
      message: 'The incident has not requested approval (install).',
    });
  });
});
