import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { RecordVersionError, recordVersion, upgradeRecord } from '../../functions/record/record-version';
import { config } from '../fixtures/config';
import { startTable } from '../fixtures/table';

/** The record of a storm, as version 1 wrote it: it had nothing to add, and so no `extra`. */
const former = {
  pk: 'INCIDENT#inc-1',
  sk: 'RECORD',
  recordVersion: 1,
  schemaVersion: 1,
  incidentId: 'inc-1',
  executionId: 'arn:aws:states:us-east-1:111122223333:execution:m:e',
  playbook: 'restart-instance',
  drill: false,
  mode: 'observe',
  openedAt: '2026-11-24T02:00:00.000Z',
  openedMonth: '2026-11',
  status: 'CLOSED',
  outcome: 'ESCALATED',
  code: 'storm',
  reason: 'One cause is likelier than many.',
  closedAt: '2026-11-24T02:00:05.000Z',
  noticeState: 'PENDING',
};

const { schemaVersion: _dropped, ...kept } = former;

test('a record of the first version is brought to this one, and keeps all that it said', () => {
  expect(upgradeRecord(former)).toEqual({ ...kept, recordVersion, extra: { notes: [] } });
  expect(upgradeRecord({ ...former, extra: { target: '192.0.2.0/24' } })).toMatchObject({
    extra: { notes: [], target: '192.0.2.0/24' },
  });
});

test('a record of the second version is brought to this one, its trigger in the word of today', () => {
  const second = { ...former, recordVersion: 2, trigger: 'by-hand', extra: { notes: ['a'] } };

  expect(upgradeRecord(second)).toEqual({ ...kept, recordVersion, trigger: 'manual', extra: { notes: ['a'] } });
  expect(upgradeRecord({ ...second, trigger: 'alarm' })).toMatchObject({ trigger: 'alarm' });
  expect(upgradeRecord({ ...kept, recordVersion: 2 })).toEqual({ ...kept, recordVersion });
});

test('a record of this version stays as it is', () => {
  const record = { ...former, recordVersion, extra: { notes: ['a'] } };

  expect(upgradeRecord(record)).toBe(record);
});

test('a record of a newer release is refused, with both versions', () => {
  const newer = { ...former, recordVersion: recordVersion + 1 };

  expect(() => upgradeRecord(newer)).toThrow(RecordVersionError);
  expect(() => upgradeRecord(newer)).toThrow(
    `version ${recordVersion + 1}; this one reads up to version ${recordVersion}`,
  );
});

test('a record without a version is refused by its field', () => {
  expect(() => upgradeRecord({ ...former, recordVersion: undefined })).toThrow('record.recordVersion');
});

describe('in the table', () => {
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ stop } = await startTable(config.TABLE_NAME));
    const { table } = await import('../../functions/shared/clients/dynamodb');
    await table.send(new PutCommand({ TableName: config.TABLE_NAME, Item: former }));
    const newer = { ...former, pk: 'INCIDENT#inc-2', recordVersion: recordVersion + 1, openedMonth: '2026-12' };
    await table.send(new PutCommand({ TableName: config.TABLE_NAME, Item: newer }));
  });
  afterAll(async () => {
    const { dynamoDb } = await import('../../functions/shared/clients/dynamodb');
    dynamoDb.destroy();
    await stop();
  });

  test('notices and reviews read what the former version wrote', async () => {
    const { readRecord } = await import('../../functions/record/read-record');
    const { readIncidents } = await import('../../functions/review/read-incidents');
    const [from, until] = [new Date('2026-11-24T00:00:00Z'), new Date('2026-11-25T00:00:00Z')];

    expect(await readRecord('inc-1', config)).toMatchObject({ outcome: 'ESCALATED', notes: [] });
    expect(await readIncidents(config.TABLE_NAME, from, until)).toMatchObject([{ incidentId: 'inc-1' }]);
  });

  test('a notice about a newer release’s record is not made up', async () => {
    const { readRecord } = await import('../../functions/record/read-record');

    await expect(readRecord('inc-2', config)).rejects.toThrow(RecordVersionError);
  });
});
