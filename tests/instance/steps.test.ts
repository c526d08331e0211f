import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { takeLease } from '../../functions/guard/lease';
import { allowTags } from '../../functions/guard/tags';
import { handler as planCompensation } from '../../functions/instance/plan-compensation';
import { handler as reboot } from '../../functions/instance/reboot-instance';
import { handler as start } from '../../functions/instance/start-instance';
import { handler as stopInstance } from '../../functions/instance/stop-instance';
import { handler as watch } from '../../functions/instance/watch-instance';
import { membershipEntry } from '../../functions/record/store';
import { table } from '../../functions/shared/clients/dynamodb';
import { ec2, ec2Once } from '../../functions/shared/clients/ec2';
import { type Answers, answering } from '../fixtures/answering';
import { openRecordOf, restartOf } from '../fixtures/approved';
import { config } from '../fixtures/config';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

let stopTable: () => Promise<void>;
let count = 0;
let described: Record<string, unknown>;
let checks: Answers;
let changes: [string, unknown][];
let asked: [string, unknown][];

const put = (Item: Record<string, unknown>) => table.send(new PutCommand({ TableName: config.TABLE_NAME, Item }));
const entryOf = async (incidentId: string, key: string) => {
  const Key = { pk: `INCIDENT#${incidentId}`, sk: `ENTRY#${key}` };
  return (await table.send(new GetCommand({ TableName: config.TABLE_NAME, Key }))).Item;
};
const enter = (incidentId: string, key: string, before?: Record<string, unknown>) =>
  put({ pk: `INCIDENT#${incidentId}`, sk: `ENTRY#${key}`, key, at: '2026-11-24T02:00:00.000Z', what: key, before });

/** An incident that holds the lease of an instance of its own, and has planned its action. */
async function restarting(action: 'reboot' | 'stop-start' = 'stop-start') {
  const incident = restartOf(count++);
  await put(openRecordOf(incident));
  await enter(incident.incidentId, 'plan', { action });
  const slots = [{ incidentId: incident.incidentId, at: new Date().toISOString() }];
  await put({ pk: 'FLEET', sk: 'BREAKER', version: 1, slots });
  const lease = await takeLease(incident, new Date(), config);
  if (lease.verdict !== 'TAKEN') throw new Error('not taken');
  return { ...incident, lease: { token: lease.token } };
}

beforeAll(async () => {
  ({ stop: stopTable } = await startTable(config.TABLE_NAME));
});
afterAll(() => stopTable());
beforeEach(() => {
  setEnvironment();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  described = { State: { Name: 'running' } };
  checks = {};
  asked = answering(ec2, () => ({
    DescribeInstances: ({ InstanceIds: [InstanceId] }: { InstanceIds: string[] }) => ({
      Reservations: [{ Instances: [{ InstanceId, Tags: [{ Key: config.OPT_IN_TAG, Value: 'true' }], ...described }] }],
    }),
    ...checks,
  }));
  changes = answering(ec2Once, () => ({
    StopInstances: () => ({}),
    StartInstances: () => ({}),
    RebootInstances: () => ({}),
  }));
});

describe('a reboot', () => {
  test('is asked for once, with its intent before', async () => {
    const incident = await restarting('reboot');

    expect(await reboot({ incident }, lambdaContext)).toMatchObject({ isFirst: true, at: expect.any(String) });
    expect(await reboot({ incident }, lambdaContext)).toMatchObject({ isFirst: false });
    expect(changes).toEqual([['RebootInstances', { InstanceIds: [incident.instanceId] }]]);
    expect(await entryOf(incident.incidentId, 'reboot-requested')).toMatchObject({
      what: expect.stringMatching(/reboot/),
    });
  });

  test.each(['stopped', 'pending', 'stopping'])('is not asked for while the instance is %s', async (Name) => {
    described = { State: { Name } };
    const incident = await restarting('reboot');

    await expect(reboot({ incident }, lambdaContext)).rejects.toMatchObject({
      name: 'IncorrectInstanceStateError',
      message: expect.stringContaining(Name),
    });
    expect(changes).toEqual([]);
    expect(await entryOf(incident.incidentId, 'reboot-requested')).toBeUndefined();
  });

  test('counts as the first rung', async () => {
    const incident = await restarting('reboot');
    await reboot({ incident }, lambdaContext);
    const Key = { pk: `INSTANCE#${incident.instanceId}`, sk: 'GUARD' };

    const { Item } = await table.send(new GetCommand({ TableName: config.TABLE_NAME, Key }));
    expect(Item).toMatchObject({ lastRung: 1 });
  });
});

describe('a stop', () => {
  test('keeps how the instance was, and how to undo it, before it is asked for', async () => {
    described = {
      State: { Name: 'running' },
      PublicIpAddress: '203.0.113.7',
      LaunchTime: new Date('2026-11-01T00:00:00Z'),
    };
    const incident = await restarting();
    const before = { state: 'running', publicIp: '203.0.113.7', launchedAt: '2026-11-01T00:00:00.000Z' };

    expect(await stopInstance({ incident }, lambdaContext)).toMatchObject({ state: 'stopping', before });
    expect(changes).toEqual([['StopInstances', { InstanceIds: [incident.instanceId] }]]);
    expect(await entryOf(incident.incidentId, 'stop-requested')).toMatchObject({
      before,
      revert: 'start the instance',
      what: expect.stringContaining('stop'),
    });
  });

  test('keeps nothing that is not there', async () => {
    const incident = await restarting();

    expect(await stopInstance({ incident }, lambdaContext)).toMatchObject({ before: { state: 'running' } });
    expect((await entryOf(incident.incidentId, 'stop-requested'))?.before).toEqual({ state: 'running' });
  });

  test('that this incident has asked for is only observed', async () => {
    described = { State: { Name: 'stopping' } };
    const incident = await restarting();
    await enter(incident.incidentId, 'stop-requested');

    const { state, at } = await stopInstance({ incident }, lambdaContext);
    expect(state).toBe('stopping');
    expect(Date.parse(at)).not.toBeNaN();
    expect(changes).toEqual([]);
  });

  test('of somebody else’s is left to them', async () => {
    described = { State: { Name: 'stopped' } };

    await expect(stopInstance({ incident: await restarting() }, lambdaContext)).rejects.toMatchObject({
      name: 'NotOursError',
    });
  });

  test('counts as the second rung, and needs its own plan', async () => {
    const incident = await restarting();
    await stopInstance({ incident }, lambdaContext);
    const Key = { pk: `INSTANCE#${incident.instanceId}`, sk: 'GUARD' };
    const { Item } = await table.send(new GetCommand({ TableName: config.TABLE_NAME, Key }));

    expect(Item).toMatchObject({ lastRung: 2 });
    await expect(stopInstance({ incident: await restarting('reboot') }, lambdaContext)).rejects.toMatchObject({
      name: 'OutOfTurnError',
    });
  });

  test('by force needs the owner’s tag, and has an entry of its own', async () => {
    const hangs = { State: { Name: 'stopping' } };
    described = hangs;
    const incident = await restarting();
    await enter(incident.incidentId, 'stop-requested');

    await expect(stopInstance({ incident, force: true }, lambdaContext)).rejects.toMatchObject({
      name: 'ForceNotAllowedError',
    });
    const Tags = [config.OPT_IN_TAG, allowTags.forceStop].map((Key) => ({ Key, Value: 'true' }));
    described = { ...hangs, Tags };
    expect(await stopInstance({ incident, force: true }, lambdaContext)).toMatchObject({ state: 'stopping' });
    expect(changes).toEqual([['StopInstances', { InstanceIds: [incident.instanceId], Force: true }]]);
    expect(await entryOf(incident.incidentId, 'force-stop-requested')).toMatchObject({
      what: expect.stringContaining('force'),
    });
  });
});

describe('a start', () => {
  test('of an instance that this incident stopped is asked for, with its intent before', async () => {
    described = { State: { Name: 'stopped' } };
    const incident = await restarting();
    await enter(incident.incidentId, 'stop-requested');

    expect(await start({ incident }, lambdaContext)).toMatchObject({ state: 'pending', at: expect.any(String) });
    expect(changes).toEqual([['StartInstances', { InstanceIds: [incident.instanceId] }]]);
    expect(await entryOf(incident.incidentId, 'start-requested')).toMatchObject({
      what: expect.stringContaining('start'),
    });
  });

  test('of an instance that somebody else stopped is left to them', async () => {
    described = { State: { Name: 'stopped' } };

    await expect(start({ incident: await restarting() }, lambdaContext)).rejects.toMatchObject({
      name: 'NotOursError',
    });
    expect(changes).toEqual([]);
  });

  test('of an instance that runs is only observed', async () => {
    const incident = await restarting();

    expect(await start({ incident }, lambdaContext)).toMatchObject({ state: 'running' });
    expect(changes).toEqual([]);
  });

  test.each([
    ['2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00Z', 0],
    ['2026-11-01T00:00:00.000Z', '2026-11-01T00:00:00Z', 1],
    ['2026-11-01T00:00:00.000Z', undefined, 1],
    [undefined, '2026-11-02T00:00:00Z', 1],
  ])(
    'of one that was launched at %s when it was stopped, and at %s now, is asked for %d times',
    async (was, is, times) => {
      described = { State: { Name: 'stopped' }, ...(is ? { LaunchTime: new Date(is) } : {}) };
      const incident = await restarting();
      await enter(incident.incidentId, 'stop-requested', was ? { launchedAt: was } : undefined);
      await start({ incident }, lambdaContext);

      expect(changes).toHaveLength(times);
    },
  );
});

describe('watching', () => {
  test('a stop asks for the state alone', async () => {
    described = { State: { Name: 'stopped' } };
    const incident = await restarting();

    expect(await watch({ incident, goal: 'stopped', ceilingSeconds: 900 }, lambdaContext)).toMatchObject({
      goal: 'stopped',
      verdict: 'WAITING',
      agreed: 1,
      state: 'stopped',
    });
    expect(asked.map(([command]) => command)).toEqual(['DescribeInstances']);
  });

  test('a start asks for both status checks, and knows the look before', async () => {
    checks = {
      DescribeInstanceStatus: () => ({
        InstanceStatuses: [{ SystemStatus: { Status: 'ok' }, InstanceStatus: { Status: 'ok' } }],
      }),
    };
    const incident = await restarting();
    const first = await watch({ incident, goal: 'running', ceilingSeconds: 900 }, lambdaContext);
    const poll = { ...first };

    expect(first).toMatchObject({ verdict: 'WAITING', agreed: 1 });
    expect(
      await watch({ incident: { ...incident, poll }, goal: 'running', ceilingSeconds: 900 }, lambdaContext),
    ).toMatchObject({ verdict: 'REACHED', agreed: 2 });
  });
});

describe('what a failure leaves behind', () => {
  const plan = (incident: object) => planCompensation({ incident, ceilingSeconds: 600 }, lambdaContext);

  test('is nothing where nothing was asked for', async () => {
    expect(await plan(await restarting())).toMatchObject({
      leftStopped: false,
      leftOutOfService: false,
      rescue: 'NONE',
      state: 'running',
    });
  });

  test('is an instance that this incident stopped', async () => {
    described = { State: { Name: 'stopped' } };
    const incident = await restarting();
    await enter(incident.incidentId, 'stop-requested');

    expect(await plan(incident)).toMatchObject({ leftStopped: true, rescue: 'START' });
  });

  test('is no instance that ran again since', async () => {
    described = { State: { Name: 'stopped' } };
    const incident = await restarting();
    await enter(incident.incidentId, 'stop-requested');
    const whenSeen = (goal: string, verdict: string) => plan({ ...incident, poll: { goal, verdict } });

    expect(await whenSeen('running', 'REACHED')).toMatchObject({ leftStopped: false, rescue: 'NONE' });
    expect(await whenSeen('running', 'OVERDUE')).toMatchObject({ leftStopped: true });
    expect(await whenSeen('stopped', 'REACHED')).toMatchObject({ leftStopped: true });
  });

  test('is an instance out of service, until it is back', async () => {
    const incident = await restarting();
    await enter(incident.incidentId, membershipEntry);

    expect(await plan(incident)).toMatchObject({ leftOutOfService: true, rescue: 'PUT_BACK' });
    await enter(incident.incidentId, 'back-in-service');
    expect(await plan(incident)).toMatchObject({ leftOutOfService: false, rescue: 'NONE' });
  });

  test('was never taken out by an incident that only says that it is back', async () => {
    const incident = await restarting();
    await enter(incident.incidentId, 'back-in-service');

    expect(await plan(incident)).toMatchObject({ leftOutOfService: false });
  });
});
