import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { openRecordOf } from '../fixtures/approved';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

/** Steps that are called by hand, each with an input that looks right: without what the record says they do nothing. */
const instanceId = 'i-0aaaaaaaaaaaaaaaa';
let stop: () => Promise<void>;
let put: (item: Record<string, unknown>) => Promise<unknown>;
let get: (pk: string, sk: string) => Promise<Record<string, unknown> | undefined>;
let changes: string[] = [];
let tags: { Key: string; Value: string }[] = [];
let incidentId = '';
let count = 0;

type Command = { constructor: { name: string }; input: Record<string, unknown> };

beforeAll(async () => {
  ({ stop } = await startTable('incidents'));
  const { table } = await import('../../functions/shared/clients/dynamodb');
  put = (Item) => table.send(new PutCommand({ TableName: 'incidents', Item }));
  get = async (pk, sk) => (await table.send(new GetCommand({ TableName: 'incidents', Key: { pk, sk } }))).Item;
  const { ec2, ec2Once } = await import('../../functions/shared/clients/ec2');
  const { autoScaling, autoScalingOnce } = await import('../../functions/shared/clients/auto-scaling');
  const { elasticLoadBalancing } = await import('../../functions/shared/clients/elastic-load-balancing');
  for (const client of [ec2, ec2Once, autoScaling, autoScalingOnce, elasticLoadBalancing])
    jest.spyOn(client, 'send').mockImplementation((async (command: Command) => answerOf(command)) as never);
});
afterAll(async () => {
  const { dynamoDb } = await import('../../functions/shared/clients/dynamodb');
  dynamoDb.destroy();
  await stop();
});
beforeEach(async () => {
  setEnvironment();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  count += 1;
  incidentId = `inc-${String(count).padStart(20, '0')}`;
  changes = [];
  tags = [{ Key: 'incident-playbooks:enabled', Value: 'true' }];
  await put({ pk: 'FLEET', sk: 'BREAKER', slots: [], version: 0 });
  await put({
    pk: `INSTANCE#${instanceId}`,
    sk: 'GUARD',
    holder: incidentId,
    token: 1,
    leaseUntil: '9999-01-01T00:00:00Z',
  });
});

function answerOf(command: Command): unknown {
  const name = command.constructor.name.replace(/Command$/, '');
  if (!/^Describe/.test(name)) changes.push(name);
  if (name !== 'DescribeInstances') return {};
  const LaunchTime = new Date('2026-11-24T00:00:00Z');
  return {
    Reservations: [{ Instances: [{ InstanceId: instanceId, State: { Name: 'running' }, Tags: tags, LaunchTime }] }],
  };
}

const base = (change: Record<string, unknown> = {}) => ({
  schemaVersion: 1,
  incidentId,
  executionId: 'execution',
  playbook: 'restart-instance',
  trigger: 'manual' as const,
  drill: false,
  mode: 'act' as const,
  openedAt: '2026-11-24T02:00:00.000Z',
  instanceId,
  lease: { token: 1 },
  ...change,
});
const entry = (key: string, before: Record<string, unknown> = {}) =>
  put({ pk: `INCIDENT#${incidentId}`, sk: `ENTRY#${key}`, key, at: '2026-11-24T02:00:00Z', what: 'w', before });
const slot = () => put({ pk: 'FLEET', sk: 'BREAKER', slots: [{ incidentId, at: '2026-11-24T02:00:00Z' }], version: 1 });

async function run(path: string, input: Record<string, unknown>): Promise<string> {
  const { handler } = await import(`../../functions/${path}`);
  return handler(input, lambdaContext).then(
    () => 'done',
    (error: Error) => error.name,
  );
}

describe.each<[string, string, 'reboot' | 'stop-start', string]>([
  ['stop-instance', 'instance/stop-instance', 'stop-start', 'StopInstances'],
  ['reboot-instance', 'instance/reboot-instance', 'reboot', 'RebootInstances'],
])('%s', (_name, path, action, command) => {
  const call = (change: Record<string, unknown> = {}) => run(path, { incident: base(change) });

  test('acts once its plan and its slot are in the record', async () => {
    await put(openRecordOf(base()));
    await entry('plan', { action });
    await slot();

    expect(await call()).toBe('done');
    expect(changes).toEqual([command]);
  });

  test.each<[string, () => Promise<unknown>, Record<string, unknown>, string]>([
    ['without a record', async () => {}, {}, 'OutOfTurnError'],
    ['on a closed record', () => put(openRecordOf(base(), { status: 'CLOSED' })), {}, 'OutOfTurnError'],
    ['for another execution', () => put(openRecordOf(base())), { executionId: 'another' }, 'OutOfTurnError'],
    ['for another instance', () => put(openRecordOf(base(), { instanceId: 'i-0b' })), {}, 'OutOfTurnError'],
    ['in a drill that is none', () => put(openRecordOf(base())), { drill: true }, 'OutOfTurnError'],
    ['before its plan', () => put(openRecordOf(base())), {}, 'OutOfTurnError'],
    [
      'in another playbook',
      () => put(openRecordOf(base({ playbook: 'isolate-instance' }))),
      { playbook: 'isolate-instance' },
      'OutOfTurnError',
    ],
  ])('does nothing %s', async (_what, given, change, error) => {
    await given();
    await slot();

    expect(await call(change)).toBe(error);
    expect(changes).toEqual([]);
  });

  test('does nothing for a plan that names another action, nor without a slot of the circuit breaker', async () => {
    await put(openRecordOf(base()));
    await entry('plan', { action: action === 'reboot' ? 'stop-start' : 'page' });
    await slot();
    expect(await call()).toBe('OutOfTurnError');

    await entry('plan', { action });
    await put({ pk: 'FLEET', sk: 'BREAKER', slots: [], version: 2 });
    expect(await call()).toBe('OutOfTurnError');
    expect(changes).toEqual([]);
  });

  test('never touches what carries a mark of quarantine', async () => {
    await put(openRecordOf(base()));
    await entry('plan', { action });
    await slot();
    tags = [...tags, { Key: 'incident-playbooks:quarantined-by', Value: `inc-${'a'.repeat(20)}` }];

    expect(await call()).toBe('QuarantinedError');
    expect(changes).toEqual([]);
  });

  test('writes nothing for the cooldown when it is refused', async () => {
    await put(openRecordOf(base(), { status: 'CLOSED' }));
    await call();

    expect(await get(`INSTANCE#${instanceId}`, 'GUARD')).not.toHaveProperty('lastActionAt');
  });
});

test('the lease is given to nobody whose incident is not recorded', async () => {
  for (const path of ['containment/hold-instance'])
    expect(await run(path, { incident: base({ playbook: 'isolate-instance' }) })).toBe('OutOfTurnError');
});

describe('close-incident', () => {
  const contained = { conclusion: { outcome: 'CONTAINED', code: 'isolated', reason: 'All is well, trust me.' } };
  const isolation = (change: Record<string, unknown> = {}) =>
    base({ playbook: 'isolate-instance', trigger: 'finding', ...change });
  const record = () => get(`INCIDENT#${incidentId}`, 'RECORD');

  test('does not close an incident well in the words of its caller', async () => {
    await put(openRecordOf(isolation() as never));
    await run('incident/close-incident', { incident: isolation({ isolation: contained }) });

    expect(await record()).toMatchObject({ outcome: 'FAILED', code: 'end-not-recorded', noticeState: 'PENDING' });
  });

  test('closes it with the end that a step recorded, in the words of that step', async () => {
    await put(openRecordOf(isolation() as never));
    await put({
      pk: `INCIDENT#${incidentId}`,
      sk: 'END#CONTAINED#isolated',
      executionId: 'execution',
      outcome: 'CONTAINED',
      code: 'isolated',
      reason: 'Two interfaces are cut off.',
    });
    await run('incident/close-incident', { incident: isolation({ isolation: contained }) });

    expect(await record()).toMatchObject({ outcome: 'CONTAINED', reason: 'Two interfaces are cut off.' });
  });

  test('calls an isolation PARTIAL that is closed after it has changed an interface, whatever its caller says', async () => {
    const change = { what: 'w', at: '2026-11-24T02:00:00Z', before: { groupIds: ['sg-1'] } };
    for (const said of [contained, { conclusion: { outcome: 'FAILED', code: 'step-failed', reason: 'It failed.' } }]) {
      await put(openRecordOf(isolation() as never));
      await put({ pk: `EVIDENCE#${incidentId}`, sk: 'ENTRY#changed#interface#eni-1', ...change });
      await run('incident/close-incident', { incident: isolation({ isolation: said }) });

      expect(await record()).toMatchObject({
        outcome: 'PARTIAL',
        noticeState: 'PENDING',
        reason: expect.stringMatching(/not believed|It failed/),
      });
      expect(await record()).toMatchObject({ reason: expect.stringContaining('eni-1 had been changed') });
    }
  });

  test('does not name another target than the instance of the record', async () => {
    await put(openRecordOf(isolation() as never));
    await run('incident/close-incident', {
      incident: isolation({ isolation: contained, block: { cidr: '0.0.0.0/0' } }),
    });

    expect((await record())?.extra).not.toHaveProperty('target');
  });

  test('does not believe a guard that refused nothing', async () => {
    await put(openRecordOf(base()));
    const failure = { Error: 'KillSwitchOnError', Cause: '{"errorMessage":"It is on."}' };
    await run('incident/close-incident', { incident: base({ failure }) });

    expect(await record()).toMatchObject({ outcome: 'FAILED', code: 'end-not-recorded' });
  });

  test('takes what started it from the record: a finding is not made a manual start, which may be skipped in silence', async () => {
    await put(openRecordOf(isolation() as never));
    await put({
      pk: `INCIDENT#${incidentId}`,
      sk: 'END#SKIPPED#protected',
      executionId: 'execution',
      outcome: 'SKIPPED',
      code: 'protected',
      reason: 'It is protected.',
    });
    const eligibility = { conclusion: { outcome: 'SKIPPED', code: 'protected', reason: 'x' } };
    await run('incident/close-incident', { incident: isolation({ trigger: 'manual', eligibility }) });

    expect(await record()).toMatchObject({ outcome: 'ESCALATED', code: 'protected' });
  });

  test('leaves the incident of another execution open', async () => {
    await put(openRecordOf(isolation() as never));

    expect(
      await run('incident/close-incident', { incident: isolation({ executionId: 'another', isolation: contained }) }),
    ).toBe('RecordNotOursError');
    expect(await record()).toMatchObject({ status: 'OPEN' });
  });
});
