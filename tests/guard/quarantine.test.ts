import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { notConfirmed } from '../../functions/guard/mark';
import { assertPlanned } from '../../functions/guard/planned';
import { readMark } from '../../functions/guard/quarantine';
import { quarantineTag } from '../../functions/guard/tags';
import { writeEntry } from '../../functions/record/store';
import { table } from '../../functions/shared/clients/dynamodb';
import { config } from '../fixtures/config';
import { startTable } from '../fixtures/table';

const instanceId = 'i-0123456789abcdef0';
let stop: () => Promise<void>;
let count = 0;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());

const note = (incidentId: string, key: string, before?: Record<string, unknown>) =>
  writeEntry(incidentId, { key, at: '2026-11-24T02:00:00.000Z', what: key, ...(before ? { before } : {}) }, config);
const put = (Item: Record<string, unknown>) => table.send(new PutCommand({ TableName: config.TABLE_NAME, Item }));

describe('a quarantine tag', () => {
  async function isolated(record: Record<string, unknown>, entries: string[] = ['changed#tag']) {
    const by = `inc-${String(count++).padStart(20, '0')}`;
    const of = { playbook: 'isolate-instance', instanceId, status: 'CLOSED', outcome: 'CONTAINED' };
    await put({ pk: `INCIDENT#${by}`, sk: 'RECORD', incidentId: by, ...of, ...record });
    for (const key of entries) await note(by, key);
    return by;
  }
  const stateOf = async (by: string) => (await readMark(instanceId, { [quarantineTag]: by }, config))?.state;

  test('that is not there proves nothing', async () => {
    expect(await readMark(instanceId, { Name: 'web' }, config)).toBeUndefined();
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['contained', {}, 'isolated'],
    ['ended otherwise', { outcome: 'FAILED' }, 'in-part'],
    ['goes on', { status: 'OPEN', outcome: undefined }, 'under-way'],
    ['is of another instance', { instanceId: 'i-0fedcba9876543210' }, 'unconfirmed'],
    ['is of another playbook', { playbook: 'restart-instance' }, 'unconfirmed'],
    [
      'is in another account',
      { place: { account: '999988887777', region: 'us-east-1' }, executionId: 'e' },
      'unconfirmed',
    ],
  ])('of an isolation that %s: %s', async (_what, record, state) => {
    const by = await isolated(record);

    expect(await readMark(instanceId, { [quarantineTag]: by }, config)).toEqual({ by, state });
  });

  test('is not confirmed before the isolation set it, nor once it was released', async () => {
    expect(await stateOf(await isolated({}, []))).toBe('unconfirmed');
    expect(await stateOf(await isolated({}, ['changed#tag', 'released']))).toBe('unconfirmed');
    expect(await stateOf('inc-none')).toBe('unconfirmed');
  });

  test('that nothing confirms calls a person, who is told which incident it names', () => {
    expect(notConfirmed({ by: 'inc-1', state: 'unconfirmed' })).toEqual({
      outcome: 'ESCALATED',
      code: 'mark-not-confirmed',
      reason:
        'The instance is tagged as isolated by incident inc-1, but no record confirms it. Find out who set the tag.',
    });
  });
});

describe('a planned change', () => {
  async function planned(action: string | undefined, entries: string[] = [], hasSlot = true) {
    const incidentId = `inc-${count++}`;
    if (action) await note(incidentId, 'plan', { action });
    for (const key of entries) await note(incidentId, key);
    const slots = hasSlot ? [{ incidentId, at: '2026-11-24T02:00:00.000Z' }] : [];
    await put({ pk: 'FLEET', sk: 'BREAKER', version: 1, slots });
    return { incidentId, playbook: 'restart-instance' };
  }

  test('is the one that the plan names, or a stop after the reboot that it named', async () => {
    for (const action of ['reboot', 'stop-start'] as const)
      await expect(assertPlanned(await planned(action), action, {}, config)).resolves.toBeUndefined();
    await expect(
      assertPlanned(await planned('reboot', ['reboot-requested']), 'stop-start', {}, config),
    ).resolves.toBeUndefined();
  });

  test.each<[string, 'reboot' | 'stop-start', string | undefined, string[]]>([
    ['nothing', 'reboot', undefined, []],
    ['calling a person', 'stop-start', 'page', ['reboot-requested']],
    ['a stop', 'reboot', 'stop-start', ['reboot-requested']],
    ['a reboot that has not been asked for', 'stop-start', 'reboot', []],
  ])('is refused where the plan was %s: %s', async (_what, action, plan, entries) => {
    const incident = await planned(plan, entries);

    await expect(assertPlanned(incident, action, {}, config)).rejects.toMatchObject({
      name: 'OutOfTurnError',
      message: `Incident ${incident.incidentId} has not planned to ${action}.`,
    });
  });

  test('needs its slot of the circuit breaker, its playbook, and an instance that is not isolated', async () => {
    const incident = await planned('reboot', [], false);

    await expect(assertPlanned(incident, 'reboot', {}, config)).rejects.toMatchObject({
      name: 'OutOfTurnError',
      message: `Incident ${incident.incidentId} has no slot of the circuit breaker.`,
    });
    const other = { ...(await planned('reboot')), playbook: 'patch-instance' };
    await expect(assertPlanned(other, 'reboot', {}, config)).rejects.toMatchObject({
      name: 'OutOfTurnError',
      message: 'This step belongs to restart-instance, not to patch-instance.',
    });
    await expect(
      assertPlanned(await planned('reboot'), 'reboot', { [quarantineTag]: 'inc-1' }, config),
    ).rejects.toMatchObject({
      name: 'QuarantinedError',
      message: 'The instance is tagged as isolated (inc-1), so it is left as it is.',
    });
  });
});
