import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { concludeHost, dueNow, type HostFacts, isInWindow } from '../../functions/health/maintenance';
import { toPlanned } from '../../functions/health/planned-events';
import { handler as propose } from '../../functions/health/propose-maintenance';
import { handler as read } from '../../functions/health/read-maintenance';
import { handler as startRestart } from '../../functions/health/start-restart';
import { accountHere } from '../../functions/place/here';
import { table } from '../../functions/shared/clients/dynamodb';
import { ec2 } from '../../functions/shared/clients/ec2';
import { stepFunctions } from '../../functions/shared/clients/step-functions';
import { answering, awsError } from '../fixtures/answering';
import { openRecordOf, questionOf, restartOf, saidYes } from '../fixtures/approved';
import { config } from '../fixtures/config';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const at = (time: string) => new Date(`2026-11-24T${time}:00Z`);
const instanceId = 'i-0123456789abcdef0';
const planned = {
  instanceId,
  code: 'instance-retirement',
  description: 'The instance is running on degraded hardware',
  notBefore: '2026-12-01T00:00:00.000Z',
};
const facts = (change: Partial<HostFacts> = {}): HostFacts => ({
  snapshot: { state: 'running' },
  returnFacts: {},
  planned,
  eligibility: { notes: [] },
  ...change,
});
let stop: () => Promise<void>;
let count = 100;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  setEnvironment({
    RESTART_MACHINE_ARN: 'arn:restart:live',
    MAINTENANCE_MACHINE_ARN: 'arn:maintenance:live',
    MAINTENANCE_WINDOW: '00:00-23:59',
  });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

describe('what is proposed', () => {
  test('in the daily window, which may go past midnight, and on the last day at any hour', () => {
    expect(isInWindow(at('09:00'), '09:00-16:00')).toBe(true);
    expect(isInWindow(at('16:00'), '09:00-16:00')).toBe(false);
    expect(isInWindow(at('23:30'), '22:00-02:00')).toBe(true);
    expect(isInWindow(at('02:00'), '22:00-02:00')).toBe(false);
    expect(dueNow(planned, at('03:00'), '09:00-16:00')).toBeUndefined();
    expect(dueNow(planned, at('10:00'), '09:00-16:00')).toBe('window');
    expect(dueNow({ ...planned, notBefore: at('23:00').toISOString() }, at('03:00'), '09:00-16:00')).toBe('last');
  });

  test('what EC2 lists as completed or canceled is over; of the rest the next one counts', () => {
    const event = (Description: string, day: number) => ({
      Code: 'instance-stop' as const,
      Description,
      NotBefore: new Date(Date.UTC(2026, 11, day)),
    });
    const found = toPlanned(instanceId, [
      event('[Completed] x', 1),
      event('b', 3),
      event('[Canceled] y', 1),
      event('a', 2),
    ]);

    expect(found.map(({ description }) => description)).toEqual(['a', 'b']);
  });

  test('an instance that may be stopped and comes back is asked about', () => {
    expect(concludeHost(facts())).toBeUndefined();
  });

  test.each([
    ['nothing is planned any more', { planned: undefined }, 'SKIPPED maintenance-over'],
    ['the instance is stopped', { snapshot: { state: 'stopped' } }, 'SKIPPED maintenance-over'],
    [
      'its group replaces it',
      { returnFacts: { scaling: { group: 'web', lifecycle: 'InService', minimum: 1, desired: 2 } } },
      'SKIPPED group-replaces',
    ],
    [
      'a rule forbids the stop',
      { eligibility: { notes: [], refusal: { code: 'stop-protection', reason: 'Stop protection is on.' } } },
      'ESCALATED host-needs-person',
    ],
  ])('if %s, it ends with that', (_what, change, end) => {
    const { outcome, code, reason } = concludeHost(facts(change as Partial<HostFacts>))!;

    expect(`${outcome} ${code}`).toBe(end);
    expect(reason).toMatch(/\.$/);
  });
});

test('each opted-in instance is proposed once, whatever started the look and however often', async () => {
  const names: (string | undefined)[] = [];
  const status = (InstanceId: string) => ({
    InstanceId,
    Events: [{ Code: 'instance-stop', NotBefore: new Date('2100-01-01T00:00:00Z') }],
  });
  answering(ec2, () => ({
    DescribeInstanceStatus: () => ({ InstanceStatuses: [status(instanceId), status('i-0000000b')] }),
    DescribeInstances: () => ({
      Reservations: [{ Instances: [{ InstanceId: instanceId, Tags: [{ Key: config.OPT_IN_TAG, Value: 'true' }] }] }],
    }),
  }));
  answering(stepFunctions, () => ({
    StartExecution: ({ name }: { name: string }) => {
      if (names.includes(name)) throw awsError('ExecutionAlreadyExists');
      names.push(name);
      return {};
    },
  }));

  for (let turn = 0; turn < 2; turn++)
    expect(await propose({}, lambdaContext)).toEqual({ planned: 2, started: [instanceId] });
  expect(names).toEqual([expect.stringMatching(/^[0-9a-f]{20}$/)]);
});

test('the fleets of all accounts are looked at; one that cannot be read is told as unknown, and stops nobody', async () => {
  const [good, bad] = ['210987654321', '999988887777'];
  setEnvironment({
    MAINTENANCE_MACHINE_ARN: 'arn:maintenance:live',
    MAINTENANCE_WINDOW: '00:00-23:59',
    ACCOUNT_IDS: `123456789012,${bad},${good}`,
  });
  const asked: { name: string; input: string }[] = [];
  answering(ec2, () => ({
    DescribeInstanceStatus: () => {
      if (accountHere() === bad) throw awsError('UnauthorizedOperation');
      const Events = [{ Code: 'instance-stop', NotBefore: new Date('2100-01-01T00:00:00Z') }];
      return { InstanceStatuses: [{ InstanceId: instanceId, Events }] };
    },
    DescribeInstances: () => ({
      Reservations: [{ Instances: [{ InstanceId: instanceId, Tags: [{ Key: config.OPT_IN_TAG, Value: 'true' }] }] }],
    }),
  }));
  answering(stepFunctions, () => ({ StartExecution: (one: { name: string; input: string }) => asked.push(one) }));

  expect(await propose({}, lambdaContext)).toEqual({
    planned: 2,
    started: [instanceId, instanceId],
    unknown: [{ account: bad, region: 'us-east-1', why: expect.stringContaining('UnauthorizedOperation') }],
  });
  expect(new Set(asked.map(({ name }) => name)).size).toBe(2);
  expect(asked.map(({ input }) => JSON.parse(input).place)).toEqual([
    undefined,
    { account: good, region: 'us-east-1' },
  ]);
});

test('a proposal and a manual start are read; anything else is refused', async () => {
  const started = (event: unknown) =>
    read({ event, executionId: 'execution', playbook: 'host-maintenance' }, lambdaContext);
  const proposal = { start: 'schedule', instanceId, proposal: '0123456789abcdef0123' };

  const [one, other] = [await started(proposal), await started(proposal)];
  expect(one).toMatchObject({ trigger: 'schedule', instanceId, incidentId: other.incidentId });
  expect(await started({ start: 'manual', instanceId, reason: 'x', requestedBy: 'kim' })).toMatchObject({
    trigger: 'manual',
  });
  await expect(started({ ...proposal, proposal: '../x' })).rejects.toMatchObject({ name: 'InvalidInputError' });
});

describe('start-restart', () => {
  const target = (of: string) => ({ instanceId: of, code: planned.code });
  const fresh = (change: Record<string, unknown> = {}) => ({
    ...restartOf(count++),
    playbook: 'host-maintenance',
    eligibility: { planned: { code: planned.code } },
    approval: { answeredBy: 'arn:aws:iam::123456789012:user/alice' },
    ...change,
  });
  const put = (Item: Record<string, unknown>) => table.send(new PutCommand({ TableName: config.TABLE_NAME, Item }));
  const asked: { name: string; input: string }[] = [];

  beforeEach(() => {
    asked.length = 0;
    answering(stepFunctions, () => ({
      StartExecution: (request: { name: string; input: string }) => {
        asked.push(request);
        return {};
      },
    }));
  });

  test('starts the restart as whoever approved it, under the name of the incident', async () => {
    const incident = fresh();
    await put(openRecordOf(incident));
    await put(questionOf(incident, 'move-host', target(incident.instanceId), saidYes()));
    const found = await startRestart({ incident }, lambdaContext);

    expect(found).toMatchObject({ verdict: 'STARTED', conclusion: { outcome: 'SKIPPED', code: 'restart-started' } });
    expect(asked.map(({ name }) => name)).toEqual([incident.incidentId]);
    expect(JSON.parse(asked[0]!.input)).toMatchObject({
      start: 'manual',
      instanceId: incident.instanceId,
      requestedBy: 'arn:aws:iam::123456789012:user/alice',
    });
  });

  test.each([
    ['no approval', undefined],
    ['an approval for another instance', 'i-0fffffffffffffff0'],
  ])('with %s it starts nothing', async (_what, of) => {
    const incident = fresh();
    await put(openRecordOf(incident));
    if (of) await put(questionOf(incident, 'move-host', target(of), saidYes()));

    await expect(startRestart({ incident }, lambdaContext)).rejects.toMatchObject({ name: 'NotApprovedError' });
    expect(asked).toEqual([]);
  });

  test('in observe mode, and called out of order, it starts nothing', async () => {
    const incident = fresh();

    await expect(startRestart({ incident }, lambdaContext)).rejects.toMatchObject({ name: 'OutOfTurnError' });
    setEnvironment({ MODE: 'observe', RESTART_MACHINE_ARN: 'arn:restart:live' });
    await expect(startRestart({ incident }, lambdaContext)).rejects.toMatchObject({ name: 'ModeIsObserveError' });
    expect(asked).toEqual([]);
  });
});
