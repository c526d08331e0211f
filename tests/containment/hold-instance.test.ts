import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { table } from '../../functions/shared/clients/dynamodb';
import { awsError } from '../fixtures/answering';
import { questionOf, saidYes } from '../fixtures/approved';
import { readItemOf } from '../fixtures/containing';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const instanceId = 'i-0123456789abcdef0';
const other = `inc-${'c'.repeat(20)}`;
let stop: () => Promise<void>;
let put: (item: Record<string, unknown>) => Promise<unknown>;

beforeAll(async () => {
  ({ stop } = await startTable('incidents'));
  const { table } = await import('../../functions/shared/clients/dynamodb');
  put = (Item) => table.send(new PutCommand({ TableName: 'incidents', Item }));
});
afterAll(async () => {
  const { dynamoDb } = await import('../../functions/shared/clients/dynamodb');
  dynamoDb.destroy();
  await stop();
});
beforeEach(async () => {
  setEnvironment();
  await put({ pk: `INCIDENT#${incident.incidentId}`, sk: 'RECORD', ...incident, status: 'OPEN' });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

const guard = (item: Record<string, unknown>) => put({ pk: `INSTANCE#${instanceId}`, sk: 'GUARD', ...item });

const incident = {
  schemaVersion: 1,
  incidentId: `inc-${'d'.repeat(20)}`,
  executionId: 'execution',
  playbook: 'restart-instance',
  trigger: 'manual',
  drill: false,
  mode: 'act',
  openedAt: '2026-11-24T02:00:00Z',
  instanceId,
};

async function hold(more: { cooldown?: boolean }): Promise<unknown> {
  const { handler } = await import('../../functions/containment/hold-instance');
  return handler({ incident, ...more } as never, lambdaContext);
}

test.each([
  [true, 'joined', `Incident ${other} is already working on the instance; this one joined it.`],
  [false, 'held', `Incident ${other} is already working on the instance. Wait for it to end, then start again.`],
])('with the cooldown (%s), an instance that another incident holds ends as %s', async (cooldown, code, reason) => {
  await guard({ holder: other, leaseUntil: '9999-01-01T00:00:00Z', token: 1 });

  expect(await hold({ cooldown })).toEqual({ verdict: 'JOINED', conclusion: { outcome: 'SKIPPED', code, reason } });
});

test('an action of a moment ago holds back automation that acts by itself, and no person', async () => {
  await guard({ lastActionAt: new Date().toISOString(), lastRung: 2, lastIncident: other, token: 1 });

  expect(await hold({ cooldown: true })).toMatchObject({ verdict: 'COOLDOWN', conclusion: { code: 'cooldown' } });
  expect(await hold({})).toMatchObject({ verdict: 'TAKEN', token: 2 });
});

test('the reason of a cooldown says since when, and for how long', async () => {
  const lastActionAt = new Date().toISOString();
  await guard({ lastActionAt, lastRung: 2, lastIncident: other, token: 1 });

  expect(await hold({ cooldown: true })).toEqual({
    verdict: 'COOLDOWN',
    conclusion: {
      outcome: 'SKIPPED',
      code: 'cooldown',
      reason: `Automation acted on the instance at ${lastActionAt}; the cooldown is 15 minutes.`,
    },
  });
});

test('the incident that holds the instance has in its timeline who else needed it', async () => {
  await guard({ holder: other, leaseUntil: '9999-01-01T00:00:00Z', token: 1 });
  const joined = { pk: `INCIDENT#${other}`, sk: `ENTRY#joined#${incident.incidentId}` };
  const told = async (more: object, change: object = {}) => {
    await table.send(new DeleteCommand({ TableName: 'incidents', Key: joined }));
    const { handler } = await import('../../functions/containment/hold-instance');
    await handler({ incident: { ...incident, ...change }, ...more } as never, lambdaContext);
    return (await readItemOf(joined.pk, joined.sk))?.what;
  };

  expect(await told({})).toBe(
    `Incident ${incident.incidentId} (restart-instance) needed the instance too, and did nothing.`,
  );
  expect(await told({ cooldown: true })).toBe(`Incident ${incident.incidentId} (started manually) joined.`);
});

test('nothing is taken while the kill switch is on, or out of turn', async () => {
  await guard({});
  await put({ pk: 'CONTROL', sk: 'KILL_SWITCH', on: true });
  await expect(hold({})).rejects.toMatchObject({ name: 'KillSwitchOnError' });
  await put({ pk: 'CONTROL', sk: 'KILL_SWITCH', on: false });
  await put({ pk: `INCIDENT#${incident.incidentId}`, sk: 'RECORD', ...incident, status: 'CLOSED' });
  await expect(hold({})).rejects.toMatchObject({ name: 'OutOfTurnError' });
  expect(await readItemOf(`INSTANCE#${instanceId}`, 'GUARD')).not.toHaveProperty('holder');
});

test('who takes the lease claims it no longer', async () => {
  await guard({ claimedBy: incident.incidentId, claimedUntil: '9999-01-01T00:00:00Z' });

  expect(await hold({})).toMatchObject({ verdict: 'TAKEN' });
  expect(await readItemOf(`INSTANCE#${instanceId}`, 'GUARD')).not.toHaveProperty('claimedBy');
});

describe('an isolation of an instance that another incident has', () => {
  const isolation = { ...incident, playbook: 'isolate-instance' };
  const take = async (takesOver = false) => {
    const { handler } = await import('../../functions/containment/hold-instance');
    return handler({ incident: isolation, takesOver } as never, lambdaContext);
  };
  const holding = (playbook: string) => put({ pk: `INCIDENT#${other}`, sk: 'RECORD', playbook });
  beforeEach(async () => {
    await put({ pk: `INCIDENT#${incident.incidentId}`, sk: 'RECORD', ...isolation, status: 'OPEN' });
    await guard({ holder: other, leaseUntil: '9999-01-01T00:00:00Z', token: 1 });
    await holding('restart-instance');
    for (const [pk, sk] of [
      [`INCIDENT#${other}`, `ENTRY#joined#${incident.incidentId}`],
      [`INCIDENT#${other}`, `ENTRY#taken-over#${incident.incidentId}`],
      [`INCIDENT#${incident.incidentId}`, 'ENTRY#behind'],
      [`APPROVAL#${incident.incidentId}`, 'APPROVAL#isolate'],
    ])
      await table.send(new DeleteCommand({ TableName: 'incidents', Key: { pk, sk } }));
  });
  const behind = () => readItemOf(`INCIDENT#${incident.incidentId}`, 'ENTRY#behind');
  const approve = () =>
    put(
      questionOf(
        isolation as never,
        'isolate',
        { instanceId, networkInterfaceIds: [], volumes: 1, addresses: 0, swapProfile: false },
        saidYes(),
      ),
    );

  test('asks for approval behind it, as the next one to have it', async () => {
    expect(await take()).toEqual({ verdict: 'BEHIND', holder: other });
    expect(await behind()).toMatchObject({
      what: `Incident ${other} has the instance; the approval is requested behind it.`,
      before: { holder: other },
    });
    expect(await readItemOf(`INSTANCE#${instanceId}`, 'GUARD')).toMatchObject({
      holder: other,
      claimedBy: incident.incidentId,
    });
  });

  test.each<[string, () => Promise<unknown>]>([
    ['is another isolation', () => holding('isolate-instance')],
    [
      'has another isolation behind it',
      () =>
        guard({
          ...{ holder: other, leaseUntil: '9999-01-01T00:00:00Z', token: 1 },
          ...{ claimedBy: 'inc-third', claimedUntil: '9999-01-01T00:00:00Z' },
        }),
    ],
  ])('joins one that %s', async (_what, given) => {
    await given();

    expect(await take()).toEqual({
      verdict: 'JOINED',
      conclusion: {
        outcome: 'SKIPPED',
        code: 'joined',
        reason: `Another incident is already isolating the instance (${other} has its lease); this one joined it.`,
      },
    });
    expect(await readItemOf(`INCIDENT#${other}`, `ENTRY#joined#${incident.incidentId}`)).toMatchObject({
      what: `Incident ${incident.incidentId} (isolate-instance) joined.`,
    });
    expect(await behind()).toBeUndefined();
  });

  test('takes its lease over once a person has approved, and not before', async () => {
    await expect(take(true)).rejects.toMatchObject({ name: 'NotApprovedError' });
    expect(await readItemOf(`INSTANCE#${instanceId}`, 'GUARD')).toMatchObject({ holder: other, token: 1 });

    await approve();
    expect(await take(true)).toMatchObject({ verdict: 'TAKEN', token: 3 });
    const now = await readItemOf(`INSTANCE#${instanceId}`, 'GUARD');
    expect(now).toMatchObject({ holder: incident.incidentId });
    expect(now).not.toHaveProperty('claimedBy');
    expect(await readItemOf(`INCIDENT#${other}`, `ENTRY#taken-over#${incident.incidentId}`)).toMatchObject({
      what: `Incident ${incident.incidentId} (isolate-instance) took over the instance; this incident changes nothing more.`,
    });
  });

  test('takes it over although automation has just acted, and looks again if the holder changes meanwhile', async () => {
    await approve();
    const send = table.send.bind(table);
    const spy = jest.spyOn(table, 'send').mockImplementation(async (command: object) => {
      if (JSON.stringify(command).includes('holder = :from')) throw awsError('ConditionalCheckFailedException');
      return send(command as never) as never;
    });
    expect(await take(true)).toEqual({ verdict: 'AGAIN', waitSeconds: 5 });
    spy.mockRestore();

    const lastActionAt = new Date().toISOString();
    await guard({ holder: other, leaseUntil: '9999-01-01T00:00:00Z', token: 1, lastActionAt, lastIncident: other });
    expect(await take(true)).toMatchObject({ verdict: 'TAKEN' });
  });
});
