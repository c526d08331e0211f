import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { takeLease } from '../../functions/guard/lease';
import { handler as lookAtInstance } from '../../functions/guard/look-at-instance';
import { assertMayChange } from '../../functions/guard/may-change';
import { handler as planAction } from '../../functions/guard/plan-action';
import { quarantineTag } from '../../functions/guard/tags';
import { table } from '../../functions/shared/clients/dynamodb';
import { ec2 } from '../../functions/shared/clients/ec2';
import { type Answers, answering } from '../fixtures/answering';
import { openRecordOf, restartOf } from '../fixtures/approved';
import { config } from '../fixtures/config';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const optedIn = { Key: config.OPT_IN_TAG, Value: 'true' };
let stop: () => Promise<void>;
let count = 0;
let answers: Answers;
let tags: { Key: string; Value: string }[];

const put = (Item: Record<string, unknown>) => table.send(new PutCommand({ TableName: config.TABLE_NAME, Item }));
const read = async (pk: string, sk: string) =>
  (await table.send(new GetCommand({ TableName: config.TABLE_NAME, Key: { pk, sk } }))).Item;
const fresh = (change: Record<string, unknown> = {}) => ({ ...restartOf(count++), ...change });

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(async () => {
  setEnvironment();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  tags = [optedIn];
  answers = {
    DescribeInstances: ({ InstanceIds: [InstanceId] }: { InstanceIds: string[] }) => ({
      Reservations: [
        { Instances: [{ InstanceId, State: { Name: 'running' }, InstanceType: 't3.medium', Tags: tags }] },
      ],
    }),
    DescribeInstanceAttribute: () => ({ DisableApiStop: { Value: false } }),
    DescribeInstanceTypes: () => ({ InstanceTypes: [{ InstanceStorageSupported: false }] }),
  };
  answering(ec2, () => answers);
  await put({ pk: 'FLEET', sk: 'BREAKER', slots: [], version: 1 });
});

describe('look-at-instance', () => {
  const look = async (incident: ReturnType<typeof fresh>) => {
    await put(openRecordOf(incident));
    return lookAtInstance({ incident }, lambdaContext);
  };

  test('finds an ordinary instance eligible', async () => {
    expect(await look(fresh())).toEqual({ verdict: 'ELIGIBLE', notes: [] });
  });

  test('skips what a rule refuses, with its code', async () => {
    tags = [];

    expect(await look(fresh())).toMatchObject({
      verdict: 'REFUSED',
      conclusion: { outcome: 'SKIPPED', code: 'not-opted-in', reason: expect.stringContaining(config.OPT_IN_TAG) },
    });
  });

  test('skips an isolated instance, and escalates a mark that no record confirms', async () => {
    const isolating = fresh({ playbook: 'isolate-instance' });
    tags = [optedIn, { Key: quarantineTag, Value: isolating.incidentId }];
    const about = fresh({ instanceId: isolating.instanceId });

    expect(await look(about)).toMatchObject({
      verdict: 'REFUSED',
      conclusion: { outcome: 'ESCALATED', code: 'mark-not-confirmed' },
    });
    await put(openRecordOf(isolating));
    await put({
      pk: `INCIDENT#${isolating.incidentId}`,
      sk: 'ENTRY#changed#tag',
      key: 'changed#tag',
      at: '',
      what: '',
    });
    expect(await look(about)).toMatchObject({ conclusion: { outcome: 'SKIPPED', code: 'quarantined' } });
  });
});

describe('plan-action', () => {
  const planned = async (change: Record<string, unknown> = {}) => {
    const incident = fresh({
      lease: { token: 1, history: {} },
      score: { verdict: 'act', explanation: 'CPU 97 % stands out.' },
      ...change,
    });
    await put(openRecordOf(incident as never));
    const plan = await planAction({ incident }, lambdaContext);
    const entry = await read(`INCIDENT#${incident.incidentId}`, 'ENTRY#plan');
    return {
      plan,
      entry,
      slots: ((await read('FLEET', 'BREAKER'))?.slots as { incidentId: string }[]) ?? [],
      incident,
    };
  };

  test('plans, takes a slot, and records the plan', async () => {
    const { plan, entry, slots, incident } = await planned();

    expect(plan).toEqual({ action: 'stop-start', rung: 2, reason: expect.stringContaining('stop and start') });
    expect(entry).toMatchObject({ key: 'plan', what: plan.reason, before: { action: 'stop-start' } });
    expect(slots).toMatchObject([{ incidentId: incident.incidentId }]);
  });

  test('waits where the score says so: nothing is planned, and the timeline says why', async () => {
    const score = { verdict: 'unknown', explanation: 'A backup runs.', waitSeconds: 300 };
    const trigger = 'alarm' as const;
    const { plan, entry, slots, incident } = await planned({ score, trigger });

    expect(plan).toMatchObject({ action: 'watch', rung: 0, waitSeconds: 300 });
    expect(entry).toBeUndefined();
    expect(slots).toEqual([]);
    expect(await read(`INCIDENT#${incident.incidentId}`, 'ENTRY#watch')).toMatchObject({ what: plan.reason });
  });

  test('takes no slot for calling a person', async () => {
    const { plan, entry, slots } = await planned({ score: { verdict: 'escalate', explanation: 'Never seen.' } });

    expect(plan).toMatchObject({ action: 'page', rung: 3, conclusion: { code: 'score-escalates' } });
    expect(entry?.before).toEqual({});
    expect(slots).toEqual([]);
  });

  test('skips where the circuit breaker is open, and plans nothing', async () => {
    const now = new Date().toISOString();
    const slots = Array.from({ length: config.BREAKER_LIMIT }, (_, i) => ({ incidentId: `inc-${i}`, at: now }));
    await put({ pk: 'FLEET', sk: 'BREAKER', slots, version: 1 });
    const { plan, entry } = await planned();

    const reason = expect.stringContaining(
      `${config.BREAKER_LIMIT} actions within ${config.BREAKER_WINDOW_MINUTES} min`,
    );
    expect(plan).toMatchObject({
      action: 'stop-start',
      reason,
      conclusion: { outcome: 'SKIPPED', code: 'breaker-open', reason },
    });
    expect(entry).toMatchObject({ what: plan.reason, before: {} });
  });

  test.each([
    [{ trigger: 'manual' }, undefined],
    [{ drill: true }, undefined],
    [{}, 'score-veto'],
  ])('a veto with %j ends as %s', async (change, code) => {
    const { plan } = await planned({ ...change, score: { verdict: 'veto', explanation: 'Ordinary.' } });

    expect(plan.conclusion?.code).toBe(code);
  });

  test('reboots for the guest’s own check', async () => {
    const alarm = {
      alarmName: 'a',
      alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:a',
      account: '123456789012',
      region: 'us-east-1',
      kind: 'metric',
      state: 'ALARM',
      metricNames: ['StatusCheckFailed_Instance'],
      changedAt: '2026-11-24T02:00:00.000Z',
      reason: 'crossed',
    };

    expect((await planned({ alarm })).plan).toMatchObject({ action: 'reboot', rung: 1 });
  });

  test('plans nothing for an incident that is not the record’s', async () => {
    const incident = fresh({ lease: { token: 1, history: {} }, score: { verdict: 'act', explanation: '' } });

    await expect(planAction({ incident }, lambdaContext)).rejects.toMatchObject({ name: 'OutOfTurnError' });
    expect(await read('FLEET', 'BREAKER')).toMatchObject({ slots: [] });
  });
});

describe('every change asks first', () => {
  const now = new Date('2026-11-24T02:00:00Z');
  const tools = { clock: { now: () => now }, config } as never;
  const leased = async (change: Record<string, unknown> = {}) => {
    const incident = fresh(change);
    await put(openRecordOf(incident));
    const lease = await takeLease(incident, now, config);
    if (lease.verdict !== 'TAKEN') throw new Error('not taken');
    return { ...incident, lease: { token: lease.token, history: { actedAt: ['2026-11-20T02:00:00.000Z'] } } };
  };
  const guard = (instanceId: string) => read(`INSTANCE#${instanceId}`, 'GUARD');

  test('and is given the instance as it is now, noting nothing but that it asked', async () => {
    const incident = await leased();

    expect(await assertMayChange(incident, tools)).toMatchObject({ instanceId: incident.instanceId, state: 'running' });
    expect(await guard(incident.instanceId)).toMatchObject({ seenAt: now.toISOString() });
    expect(await guard(incident.instanceId)).not.toHaveProperty('lastActionAt');
  });

  test('and notes a planned action for cooldown, ladder and scores', async () => {
    const incident = await leased();
    const pk = `INCIDENT#${incident.incidentId}`;
    await put({ pk, sk: 'ENTRY#plan', key: 'plan', at: '', what: '', before: { action: 'reboot' } });
    await put({
      ...{ pk: 'FLEET', sk: 'BREAKER', version: 1 },
      slots: [{ incidentId: incident.incidentId, at: now.toISOString() }],
    });
    await assertMayChange(incident, tools, { action: 'reboot', rung: 1 });

    expect(await guard(incident.instanceId)).toMatchObject({
      lastActionAt: now.toISOString(),
      lastRung: 1,
      lastIncident: incident.incidentId,
      actedAt: ['2026-11-20T02:00:00.000Z', now.toISOString()],
    });
  });

  test.each<[string, (incident: Awaited<ReturnType<typeof leased>>) => Promise<unknown> | unknown, string]>([
    ['in observe mode', (incident) => Object.assign(incident, { mode: 'observe' }), 'ModeIsObserveError'],
    ['without the lease', (incident) => Object.assign(incident.lease, { token: 99 }), 'LeaseLostError'],
    ['out of turn', (incident) => Object.assign(incident, { executionId: 'another' }), 'OutOfTurnError'],
    ['without the opt in', () => tags.pop(), 'NotOptedInError'],
  ])('%s nothing is changed, nor noted', async (_what, spoil, name) => {
    const incident = await leased();
    await spoil(incident);

    await expect(assertMayChange(incident, tools)).rejects.toMatchObject({ name });
    expect(await guard(incident.instanceId)).not.toHaveProperty('seenAt');
  });

  test('a change that was not planned is not made, nor noted', async () => {
    const incident = await leased();

    await expect(assertMayChange(incident, tools, { action: 'reboot', rung: 1 })).rejects.toMatchObject({
      name: 'OutOfTurnError',
    });
    expect(await guard(incident.instanceId)).not.toHaveProperty('lastActionAt');
  });
});
