import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { assertInTurn } from '../../functions/guard/in-turn';
import { assertPlanned } from '../../functions/guard/planned';
import { readMark } from '../../functions/guard/quarantine';
import { quarantineTag } from '../../functions/guard/tags';
import { table } from '../../functions/shared/clients/dynamodb';
import { openRecordOf } from '../fixtures/approved';
import { config } from '../fixtures/config';
import { startTable } from '../fixtures/table';

let stop: () => Promise<void>;
let count = 0;
const put = (Item: Record<string, unknown>) => table.send(new PutCommand({ TableName: config.TABLE_NAME, Item }));
const fresh = (change: Record<string, unknown> = {}) => ({
  incidentId: `inc-${String(count++).padStart(20, '0')}`,
  executionId: 'execution',
  playbook: 'restart-instance',
  mode: 'act' as const,
  instanceId: 'i-0123456789abcdef0',
  drill: false,
  ...change,
});
const entry = (incidentId: string, key: string, before?: Record<string, unknown>) =>
  put({ pk: `INCIDENT#${incidentId}`, sk: `ENTRY#${key}`, key, at: '2026-11-24T02:00:00.000Z', what: key, before });
const slots = (...incidentIds: string[]) =>
  put({
    pk: 'FLEET',
    sk: 'BREAKER',
    version: 1,
    slots: incidentIds.map((incidentId) => ({ incidentId, at: '2026-11-24T02:00:00.000Z' })),
  });

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());

describe('a step is in turn', () => {
  test('when its incident is the open one of the record', async () => {
    const incident = fresh();
    await put(openRecordOf(incident));

    await expect(assertInTurn(incident, config)).resolves.toBeUndefined();
  });

  test('not without a record', async () => {
    const incident = fresh();

    await expect(assertInTurn(incident, config)).rejects.toMatchObject({
      name: 'OutOfTurnError',
      message: `There is no record of incident ${incident.incidentId}.`,
    });
  });

  test('only in the place of the record; a record without one, as of former releases, means the own account', async () => {
    const place = { account: '210987654321', region: 'us-east-1' };
    const [former, spoke] = [fresh(), fresh({ place })];
    await put(openRecordOf(former));
    await put({ ...openRecordOf(spoke), place });

    await expect(assertInTurn(spoke, config)).resolves.toBeUndefined();
    for (const claimed of [
      { ...former, place },
      { ...spoke, place: undefined },
      { ...spoke, place: { ...place, account: '999988887777' } },
      { ...spoke, place: { ...place, region: 'eu-west-1' } },
    ])
      await expect(assertInTurn(claimed, config)).rejects.toThrow('has another place');
  });

  test('not once the record is closed', async () => {
    const incident = fresh();
    await put(openRecordOf(incident, { status: 'CLOSED' }));

    await expect(assertInTurn(incident, config)).rejects.toThrow(`${incident.incidentId} is closed`);
  });

  test.each([
    ['executionId', 'another'],
    ['playbook', 'patch-instance'],
    ['mode', 'observe'],
    ['instanceId', 'i-0fedcba9876543210'],
    ['drill', true],
  ])('not with another %s than the record has', async (field, value) => {
    const incident = fresh();
    await put(openRecordOf(incident));

    await expect(assertInTurn({ ...incident, [field]: value }, config)).rejects.toThrow(`another ${field}`);
  });
});

describe('the cause of an incident', () => {
  const alarm = (alarmArn: string) => ({ alarm: { alarmArn } as never });
  const finding = (findingArn: string) => ({ finding: { findingArn } as never });

  test.each([
    [alarm('arn:alarm'), alarm('arn:alarm'), true],
    [alarm('arn:alarm'), alarm('arn:other'), false],
    [alarm('arn:alarm'), {}, false],
    [finding('arn:finding'), finding('arn:finding'), true],
    [finding('arn:finding'), finding('arn:other'), false],
    [{}, finding('arn:finding'), false],
  ])('that is recorded as %j is not claimed as %j: in turn %s', async (recorded, claimed, is) => {
    const incident = fresh();
    await put(openRecordOf(incident, recorded));
    const asked = assertInTurn({ ...incident, ...claimed }, config);

    if (is) await expect(asked).resolves.toBeUndefined();
    else await expect(asked).rejects.toThrow('another cause');
  });
});

describe('a change is planned', () => {
  test.each(['reboot', 'stop-start'] as const)(
    'when the plan says %s and the incident has its slot',
    async (action) => {
      const incident = fresh();
      await entry(incident.incidentId, 'plan', { action });
      await slots(incident.incidentId);

      await expect(assertPlanned(incident, action, {}, config)).resolves.toBeUndefined();
    },
  );

  test('not by another playbook', async () => {
    const incident = fresh({ playbook: 'patch-instance' });
    await entry(incident.incidentId, 'plan', { action: 'reboot' });
    await slots(incident.incidentId);

    await expect(assertPlanned(incident, 'reboot', {}, config)).rejects.toMatchObject({
      name: 'OutOfTurnError',
      message: expect.stringMatching(/restart-instance.*patch-instance/),
    });
  });

  test('not for an instance that carries a mark of quarantine', async () => {
    const incident = fresh();
    await entry(incident.incidentId, 'plan', { action: 'reboot' });
    await slots(incident.incidentId);

    await expect(assertPlanned(incident, 'reboot', { [quarantineTag]: 'inc-x' }, config)).rejects.toMatchObject({
      name: 'QuarantinedError',
      message: expect.stringContaining('inc-x'),
    });
  });

  test('not without a plan, and not for another action', async () => {
    const incident = fresh();
    await slots(incident.incidentId);

    await expect(assertPlanned(incident, 'reboot', {}, config)).rejects.toThrow('has not planned to reboot.');
    await entry(incident.incidentId, 'plan', { action: 'stop-start' });
    await expect(assertPlanned(incident, 'reboot', {}, config)).rejects.toThrow('has not planned to reboot.');
  });

  test('as a stop after a reboot, once the reboot was asked for', async () => {
    const incident = fresh();
    await entry(incident.incidentId, 'plan', { action: 'reboot' });
    await slots(incident.incidentId);

    await expect(assertPlanned(incident, 'stop-start', {}, config)).rejects.toThrow('has not planned to stop-start.');
    await entry(incident.incidentId, 'reboot-requested');
    await expect(assertPlanned(incident, 'stop-start', {}, config)).resolves.toBeUndefined();
  });

  test('a reboot that was asked for makes a stop of no other plan', async () => {
    const incident = fresh();
    await entry(incident.incidentId, 'reboot-requested');
    await slots(incident.incidentId);

    await expect(assertPlanned(incident, 'stop-start', {}, config)).rejects.toThrow('has not planned to stop-start.');
  });

  test('not without a slot of the circuit breaker', async () => {
    const incident = fresh();
    await entry(incident.incidentId, 'plan', { action: 'reboot' });
    await slots('inc-somebody-else');

    await expect(assertPlanned(incident, 'reboot', {}, config)).rejects.toThrow(
      `Incident ${incident.incidentId} has no slot of the circuit breaker.`,
    );
  });
});

describe('a mark of quarantine', () => {
  const isolating = () => fresh({ playbook: 'isolate-instance' });
  const markOf = ({ incidentId, instanceId }: ReturnType<typeof fresh>) =>
    readMark(instanceId, { [quarantineTag]: incidentId }, config);

  test('that is not there is none', async () => {
    expect(await readMark('i-0123456789abcdef0', {}, config)).toBeUndefined();
  });

  test('that names an incident without a record is not confirmed', async () => {
    const incident = isolating();

    expect(await markOf(incident)).toEqual({ by: incident.incidentId, state: 'unconfirmed' });
  });

  test('is under way while its incident is open, and isolated when that is contained', async () => {
    const incident = isolating();
    await entry(incident.incidentId, 'changed#tag');
    await put(openRecordOf(incident));
    expect(await markOf(incident)).toEqual({ by: incident.incidentId, state: 'under-way' });

    await put(openRecordOf(incident, { status: 'CLOSED', outcome: 'CONTAINED' }));
    expect(await markOf(incident)).toEqual({ by: incident.incidentId, state: 'isolated' });

    await put(openRecordOf(incident, { status: 'CLOSED', outcome: 'PARTIAL' }));
    expect(await markOf(incident)).toEqual({ by: incident.incidentId, state: 'in-part' });
  });

  test('that its incident did not write is not confirmed', async () => {
    const incident = isolating();
    await put(openRecordOf(incident));

    expect(await markOf(incident)).toMatchObject({ state: 'unconfirmed' });
  });

  test.each([{ playbook: 'restart-instance' }, { instanceId: 'i-0fedcba9876543210' }])(
    'of an incident that is of %j is not confirmed',
    async (change) => {
      const incident = isolating();
      await entry(incident.incidentId, 'changed#tag');
      await put(openRecordOf(incident, change));

      expect(await markOf(incident)).toMatchObject({ state: 'unconfirmed' });
    },
  );

  test('of an isolation that was released is not confirmed', async () => {
    const incident = isolating();
    await entry(incident.incidentId, 'changed#tag');
    await entry(incident.incidentId, 'released');
    await put(openRecordOf(incident, { status: 'CLOSED', outcome: 'CONTAINED' }));

    expect(await markOf(incident)).toMatchObject({ state: 'unconfirmed' });
  });
});
