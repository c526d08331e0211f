import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { recordSchema } from '../../cli/incidents/records';
import type { NewIncident } from '../../functions/record/incident';
import { monthsOf, openedBetween } from '../../functions/record/opened-between';
import { openedShardOf, openedShards, shardsOfMonth } from '../../functions/record/opened-shard';
import { readRecord } from '../../functions/record/read-record';
import { recordVersion } from '../../functions/record/record-version';
import {
  changesOf,
  closeRecord,
  evidenceItems,
  expiryOf,
  findRecordOf,
  hasEntry,
  isClosed,
  markNoticeSent,
  openRecord,
  readEntry,
  readTimeline,
  writeEntry,
} from '../../functions/record/store';
import { reviewRecordSchema } from '../../functions/review/record';
import { table } from '../../functions/shared/clients/dynamodb';
import { config } from '../fixtures/config';
import { describedTable, startTable } from '../fixtures/table';

let stop: () => Promise<void>;
let written: string[];
let count = 0;
const now = new Date('2026-11-24T02:00:00Z');
const later = new Date('2026-11-24T02:10:00Z');
const expiresAt = now.getTime() / 1000 + config.RECORD_RETENTION_DAYS * 86_400;
const fresh = (change: Record<string, unknown> = {}) =>
  ({
    incidentId: `inc-${String(count).padStart(20, '0')}`,
    executionId: `execution-${count++}`,
    playbook: 'restart-instance',
    trigger: 'manual',
    drill: false,
    mode: 'act',
    openedAt: now.toISOString(),
    instanceId: 'i-0123456789abcdef0',
    ...change,
  }) as unknown as NewIncident;
const itemOf = async (pk: string, sk: string) =>
  (await table.send(new GetCommand({ TableName: config.TABLE_NAME, Key: { pk, sk } }))).Item;
const recordOf = ({ incidentId }: NewIncident) => itemOf(`INCIDENT#${incidentId}`, 'RECORD');
const eventOf = ({ incidentId }: NewIncident, type: string) => itemOf(`INCIDENT#${incidentId}`, `EVENT#${type}`);
const resolved = { outcome: 'RESOLVED', code: 'recovered', reason: 'The alarm is OK again.' } as const;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  written = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});

describe('a record', () => {
  test('is opened with all that is known, and where its execution finds it', async () => {
    const incident = fresh({ alarm: { alarmName: 'cpu-high' } });

    expect(await openRecord(incident, now, config)).toEqual({ owner: incident.executionId });
    expect(await recordOf(incident)).toEqual({
      pk: `INCIDENT#${incident.incidentId}`,
      sk: 'RECORD',
      recordVersion,
      ...incident,
      status: 'OPEN',
      ...openedShardOf(incident.incidentId, '2026-11-24T02:00:00.000Z'),
      alarmName: 'cpu-high',
      expiresAt,
    });
    expect(await itemOf(`EXECUTION#${incident.executionId}`, 'INCIDENT')).toMatchObject({
      incidentId: incident.incidentId,
      expiresAt,
    });
    expect(await findRecordOf(incident.executionId, config)).toMatchObject({ incidentId: incident.incidentId });
  });

  test('of no alarm names none', async () => {
    const incident = fresh();
    await openRecord(incident, now, config);

    expect(await recordOf(incident)).not.toHaveProperty('alarmName');
  });

  test('is opened once: a second delivery is told who owns it', async () => {
    const incident = fresh();
    await openRecord(incident, now, config);

    expect(await openRecord({ ...incident, executionId: 'another' }, later, config)).toEqual({
      owner: incident.executionId,
    });
    expect(await openRecord(incident, later, config)).toEqual({ owner: incident.executionId });
    expect(await findRecordOf('another', config)).toBeUndefined();
    expect(await findRecordOf('never-seen', config)).toBeUndefined();
  });

  test('is written anew by a second attempt of its own execution while it is open, and told of once', async () => {
    const incident = fresh();
    await openRecord(incident, now, config);
    await openRecord({ ...incident, reason: 'known by now' } as typeof incident, later, config);
    await openRecord({ ...incident, executionId: 'another' }, later, config);

    expect(await recordOf(incident)).toMatchObject({ reason: 'known by now', expiresAt: expiresAt + 600 });
    expect(await eventOf(incident, 'incident.opened')).toMatchObject({
      detail: { incidentId: incident.incidentId, openedAt: now.toISOString() },
      noticeState: 'EVENT',
      closedAt: now.toISOString(),
      expiresAt,
    });
  });

  test('of another execution, or one that is gone, is not found by the pointer to it', async () => {
    const [incident, other] = [fresh(), fresh()];
    await openRecord(incident, now, config);
    await openRecord({ ...incident, executionId: other.executionId }, later, config);
    expect(await findRecordOf(other.executionId, config)).toBeUndefined();

    const Key = { pk: `INCIDENT#${incident.incidentId}`, sk: 'RECORD' };
    await table.send(new DeleteCommand({ TableName: config.TABLE_NAME, Key }));
    expect(await findRecordOf(incident.executionId, config)).toBeUndefined();
  });

  test('that is closed is not opened again by a late write', async () => {
    const incident = fresh();
    await openRecord(incident, now, config);
    await closeRecord(incident, resolved, {}, later, config);
    await openRecord(incident, later, config);

    expect(await recordOf(incident)).toMatchObject({ status: 'CLOSED', outcome: 'RESOLVED' });
  });
});

describe('closing', () => {
  test('writes the conclusion, makes the notice due, and counts it once', async () => {
    const incident = fresh();
    await openRecord(incident, now, config);

    expect(await closeRecord(incident, resolved, { target: 'web' }, later, config)).toEqual({
      ...resolved,
      closedAt: later.toISOString(),
      endedWell: true,
    });
    expect(await recordOf(incident)).toMatchObject({
      status: 'CLOSED',
      ...resolved,
      closedAt: later.toISOString(),
      extra: { notes: [], target: 'web' },
      noticeState: 'PENDING',
    });
    expect(written).toHaveLength(1);
    expect(JSON.parse(written[0]!)).toMatchObject({ Incidents: [1], Duration: [600] });
    expect(await eventOf(incident, 'incident.closed')).toMatchObject({
      detail: { ...resolved, endedWell: true, closedAt: later.toISOString() },
      noticeState: 'EVENT',
      expiresAt: expiresAt + 600,
    });
    expect(JSON.parse(written[0]!)).not.toHaveProperty('TimeToAct');
  });

  test('counts how long it took to act, where it did', async () => {
    const incident = fresh();
    await openRecord(incident, now, config);
    await closeRecord(incident, resolved, { actedAt: new Date(now.getTime() + 60_000).toISOString() }, later, config);
    const odd = fresh();
    await openRecord(odd, now, config);
    await closeRecord(odd, resolved, { actedAt: 5 }, later, config);

    expect(JSON.parse(written[0]!)).toMatchObject({ TimeToAct: [60], TimeToRecover: [600] });
    expect(JSON.parse(written[1]!)).not.toHaveProperty('TimeToAct');
  });

  test('a second time changes nothing, and gives what was written first', async () => {
    const incident = fresh();
    await openRecord(incident, now, config);
    await closeRecord(incident, resolved, {}, later, config);
    written = [];
    const failed = { outcome: 'FAILED', code: 'unhealthy-after-start', reason: 'Not healthy.' } as const;

    expect(await closeRecord(incident, failed, {}, later, config)).toEqual({
      ...resolved,
      closedAt: later.toISOString(),
      endedWell: true,
    });
    expect(written).toEqual([]);
  });

  test('an end that is not good is not', async () => {
    const incident = fresh();
    await openRecord(incident, now, config);
    const failed = { outcome: 'FAILED', code: 'unhealthy-after-start', reason: 'Not healthy.' } as const;

    expect(await closeRecord(incident, failed, {}, later, config)).toMatchObject({ endedWell: false });
    expect(await closeRecord(incident, resolved, {}, later, config)).toMatchObject({ ...failed, endedWell: false });
  });

  test('makes no notice due that a parent gives', async () => {
    for (const [code, extra] of [
      ['storm', {}],
      ['recovered', { toldBy: 'inc-parent' }],
    ] as const) {
      const incident = fresh();
      await openRecord(incident, now, config);
      await closeRecord(incident, { outcome: 'SKIPPED', code, reason: 'Part of a storm.' }, extra, later, config);

      expect(await recordOf(incident)).not.toHaveProperty('noticeState');
    }
  });

  test('is refused for a record that is not there, that is open elsewhere, or closed by another', async () => {
    const incident = fresh();
    const refused = { name: 'RecordNotOursError', message: expect.stringContaining(incident.incidentId) };

    await expect(closeRecord(incident, resolved, {}, later, config)).rejects.toMatchObject(refused);
    await openRecord(incident, now, config);
    const other = { ...incident, executionId: 'another' };
    await expect(closeRecord(other, resolved, {}, later, config)).rejects.toMatchObject(refused);
    await closeRecord(incident, resolved, {}, later, config);
    await expect(closeRecord(other, resolved, {}, later, config)).rejects.toMatchObject(refused);
  });
});

describe('a timeline', () => {
  const entry = (key: string, minute: number) => ({
    key,
    at: new Date(Date.UTC(2026, 10, 24, 2, minute)).toISOString(),
    what: `did ${key}`,
  });

  test('keeps the first entry of each key', async () => {
    const { incidentId } = fresh();

    expect(await writeEntry(incidentId, entry('b', 1), config)).toBe(true);
    expect(await writeEntry(incidentId, { ...entry('b', 2), what: 'again' }, config)).toBe(false);
    expect(await readEntry(incidentId, 'b', config)).toMatchObject({ ...entry('b', 1), expiresAt: expiresAt + 60 });
    expect(await hasEntry(incidentId, 'b', config)).toBe(true);
    expect(await hasEntry(incidentId, 'a', config)).toBe(false);
  });

  test('is read in the order of time, without what else is kept of the incident', async () => {
    const incident = fresh();
    await openRecord(incident, now, config);
    for (const [key, minute] of [
      ['a', 3],
      ['b', 1],
      ['c', 2],
    ] as const)
      await writeEntry(incident.incidentId, entry(key, minute), config);

    expect((await readTimeline(incident.incidentId, config)).map(({ key }) => key)).toEqual(['b', 'c', 'a']);
    expect(await readTimeline('inc-none', config)).toEqual([]);
  });

  test('expires with the record of its own day, not with the day on which it is read', async () => {
    const { incidentId } = fresh();
    await writeEntry(incidentId, entry('changed#tag#web', 5), config);

    expect(await itemOf(`EVIDENCE#${incidentId}`, 'ENTRY#changed#tag#web')).toMatchObject({
      expiresAt: expiresAt + 300,
    });
  });
});

describe('a closed record as a notice reads it', () => {
  test('has what it needs, and says when its notice was sent', async () => {
    const incident = fresh({ finding: { title: 'It talks to a bad host' } });
    await openRecord(incident, now, config);
    await closeRecord(incident, resolved, { target: 'web', notes: ['a note'] }, later, config);

    expect(await readRecord(incident.incidentId, config)).toMatchObject({
      outcome: resolved.outcome,
      reason: resolved.reason,
      findingTitle: 'It talks to a bad host',
      target: 'web',
      notes: ['a note'],
      noticeState: 'PENDING',
    });
    await markNoticeSent(incident.incidentId, later, config);
    expect((await readRecord(incident.incidentId, config)).noticeState).toBeUndefined();
    expect(await recordOf(incident)).toMatchObject({ noticeSentAt: later.toISOString() });
  });

  test('is not there before it is closed, nor for an incident that never was', async () => {
    const incident = fresh();
    const missing = { name: 'RecordNotFoundError', message: expect.stringContaining(incident.incidentId) };

    await expect(readRecord(incident.incidentId, config)).rejects.toMatchObject(missing);
    await openRecord(incident, now, config);
    await expect(readRecord(incident.incidentId, config)).rejects.toMatchObject(missing);
  });
});

describe('records of a period', () => {
  const read = async (from: string, until: string) => {
    const found: unknown[] = [];
    for await (const { incidentId } of openedBetween(config.TABLE_NAME, new Date(from), new Date(until)))
      found.push(incidentId);
    return found;
  };

  test('are those that were opened in it, over months, both ends included', async () => {
    const opened = ['2024-12-31T23:59:59.999Z', '2025-01-01T00:00:00.000Z', '2025-02-10T00:00:00.000Z'];
    for (const openedAt of opened) {
      const Item = { pk: `INCIDENT#${openedAt}`, sk: 'RECORD', incidentId: openedAt, openedAt };
      const month = { openedMonth: openedAt.slice(0, 7) };
      await table.send(new PutCommand({ TableName: config.TABLE_NAME, Item: { ...Item, ...month } }));
    }

    expect(await read('2024-12-01T00:00:00Z', '2025-03-01T00:00:00Z')).toEqual(opened);
    expect(await read(opened[1]!, opened[1]!)).toEqual([opened[1]]);
    expect(await read('2025-02-11T00:00:00Z', '2025-02-20T00:00:00Z')).toEqual([]);
  });

  test('are read from the index of earlier releases and from that of today, in the order of their opening', async () => {
    const former = { pk: 'INCIDENT#former', sk: 'RECORD', incidentId: 'former', openedMonth: '2026-03' };
    const openedAt = '2026-03-02T00:00:00.000Z';
    await table.send(new PutCommand({ TableName: config.TABLE_NAME, Item: { ...former, openedAt } }));
    const opened = Array.from({ length: 40 }, (_, minute) =>
      fresh({ openedAt: `2026-03-${minute < 20 ? '01' : '03'}T00:${10 + minute}:00.000Z` }),
    );
    for (const incident of opened) await openRecord(incident, now, config);
    const ids = opened.map(({ incidentId }) => incidentId);
    const shards = new Set(opened.map((one) => openedShardOf(one.incidentId, one.openedAt).openedShard));

    expect(await read('2026-03-01T00:00:00Z', '2026-03-31T00:00:00Z')).toEqual([
      ...ids.slice(0, 20),
      'former',
      ...ids.slice(20),
    ]);
    // Nothing new is in the partition that all of a month shared.
    expect(await recordOf(opened[0]!)).not.toHaveProperty('openedMonth');
    expect(shards.size).toBeGreaterThan(openedShards / 2);
    expect([...shards].filter((one) => !shardsOfMonth('2026-03').includes(one))).toEqual([]);
  });

  test('have in the index every attribute that lists and reviews read', () => {
    const { GlobalSecondaryIndexes = [] } = describedTable();
    const index = GlobalSecondaryIndexes.find(({ IndexName }) => IndexName === 'by-opened-shard');
    const had = [...(index?.Projection?.NonKeyAttributes ?? []), 'openedAt'];
    const read = [...Object.keys(recordSchema.shape), ...Object.keys(reviewRecordSchema.shape)];

    expect(read.filter((name) => !had.includes(name))).toEqual([]);
    // What readers of former versions need, and the most that DynamoDB projects.
    expect(had).toEqual(expect.arrayContaining(['recordVersion', 'trigger', 'extra', 'alarm']));
    expect(had.length - 1).toBeLessThanOrEqual(20);
  });

  test('are read page by page', async () => {
    const pages = [
      { Items: [{ incidentId: 'a' }], LastEvaluatedKey: { pk: 'a' } },
      { LastEvaluatedKey: { pk: 'b' } },
      { Items: [{ incidentId: 'c' }] },
    ];
    const starts: unknown[] = [];
    const [shard] = shardsOfMonth('2025-02');
    const send = jest.spyOn(table, 'send').mockImplementation((async ({ input }: { input: object }) => {
      const { ExclusiveStartKey, ExpressionAttributeValues } = input as Record<string, Record<string, unknown>>;
      // The other partitions of the month are empty.
      if (ExpressionAttributeValues?.[':shard'] !== shard) return {};
      starts.push(ExclusiveStartKey);
      return pages.shift();
    }) as never);

    expect(await read('2025-02-01T00:00:00Z', '2025-02-20T00:00:00Z')).toEqual(['a', 'c']);
    expect(starts).toEqual([undefined, { pk: 'a' }, { pk: 'b' }]);
    send.mockRestore();
  });

  test.each([
    ['2026-11-24T02:00:00Z', '2026-11-24T02:00:00Z', ['2026-11']],
    ['2026-11-30T23:59:59Z', '2026-12-01T00:00:00Z', ['2026-11', '2026-12']],
    ['2026-12-15T00:00:00Z', '2027-02-01T00:00:00Z', ['2026-12', '2027-01', '2027-02']],
    ['2026-12-15T00:00:00Z', '2026-11-01T00:00:00Z', []],
  ])('from %s to %s lie in %j', (from, until, months) => {
    expect(monthsOf(new Date(from), new Date(until))).toEqual(months);
  });
});

test('an item expires so many days after, in whole seconds', () => {
  expect(expiryOf(new Date('1970-01-01T00:00:01.900Z'), { RECORD_RETENTION_DAYS: 2 })).toBe(172_801);
});

describe('what belongs to an incident', () => {
  test('is the evidence that was saved of its instance, by name', async () => {
    const { incidentId } = fresh();
    for (const name of ['network', 'console'])
      await table.send(
        new PutCommand({
          TableName: config.TABLE_NAME,
          Item: { pk: `EVIDENCE#${incidentId}`, sk: `EVIDENCE#${name}`, json: `{"of":"${name}"}` },
        }),
      );
    await writeEntry(incidentId, { key: 'changed#tag', at: now.toISOString(), what: 'Tagging.', before: {} }, config);

    expect(await evidenceItems(incidentId, config)).toEqual([
      { name: 'console', json: '{"of":"console"}' },
      { name: 'network', json: '{"of":"network"}' },
    ]);
  });

  test('is each resource of a kind that it saved before a change, by its ID', async () => {
    const { incidentId } = fresh();
    for (const key of ['changed#interface#eni-1', 'changed#interface#eni-2', 'changed#address#eipalloc-1'])
      await writeEntry(incidentId, { key, at: now.toISOString(), what: key, before: {} }, config);

    expect(await changesOf(incidentId, 'interface', config)).toEqual(['eni-1', 'eni-2']);
    expect(await changesOf(incidentId, 'groups', config)).toEqual([]);
  });

  test('is closed once it was closed', async () => {
    const incident = fresh();

    expect(await isClosed(incident.incidentId, config)).toBe(false);
    await openRecord(incident, now, config);
    expect(await isClosed(incident.incidentId, config)).toBe(false);
    await closeRecord(incident, resolved, {}, later, config);
    expect(await isClosed(incident.incidentId, config)).toBe(true);
  });
});
