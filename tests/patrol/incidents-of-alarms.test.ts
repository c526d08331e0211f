import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { incidentsOf, periodsOf } from '../../functions/patrol/incidents-of-alarms';
import type { NewIncident } from '../../functions/record/incident';
import { incidentIdOf } from '../../functions/record/incident-id';
import { openedShards } from '../../functions/record/opened-shard';
import { openRecord } from '../../functions/record/store';
import { table } from '../../functions/shared/clients/dynamodb';
import { putItem } from '../../functions/shared/clients/table';
import { config } from '../fixtures/config';
import { startTable } from '../fixtures/table';

let stop: () => Promise<void>;
beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
afterEach(() => jest.restoreAllMocks());

const hour = 3_600_000;
const start = Date.parse('2026-11-24T02:00:00Z');
const at = (ms: number) => new Date(start + ms).toISOString();
const alarm = (name: string, changedAt = at(0)) => ({ alarmArn: `arn:${name}`, alarmName: name, changedAt });

/** The incident of an alarm, under the ID of that transition unless another is given. */
const open = (
  { alarmArn, alarmName, changedAt }: ReturnType<typeof alarm>,
  incidentId = incidentIdOf(`${alarmArn}#${changedAt}`),
  openedAt = changedAt,
) =>
  openRecord(
    {
      ...{
        incidentId,
        executionId: incidentId,
        playbook: 'restart-instance',
        trigger: 'alarm',
        drill: false,
        mode: 'act',
      },
      ...{ openedAt, alarm: { alarmArn, alarmName, changedAt } },
    } as unknown as NewIncident,
    new Date(openedAt),
    config,
  );

test('alarms without an incident of their ID are looked up in one pass, however many there are', async () => {
  const [known, other, nobody] = [alarm('known'), alarm('other', at(200)), alarm('nobody')];
  await open(known);
  // Of a contributor, or CloudWatch's two timestamps differ.
  await open({ ...other, changedAt: at(150) }, 'inc-of-a-contributor');
  const unattended = Array.from({ length: 200 }, (_, i) => alarm(`unattended-${i}`, at(i * 1000)));
  const send = jest.spyOn(table, 'send');
  const found = await incidentsOf([known, other, nobody, ...unattended], config);
  const queries = send.mock.calls.filter(([command]) => command instanceof QueryCommand);

  expect([...found.keys()].sort()).toEqual(['arn:known', 'arn:other']);
  expect(found.get('arn:other')).toMatchObject({ status: 'OPEN', incidentId: 'inc-of-a-contributor' });
  expect(queries).toHaveLength(openedShards + 1);
});

test('a record of an earlier release, in the index of earlier releases, counts as well', async () => {
  const one = alarm('former', at(50 * hour));
  const record = { pk: 'INCIDENT#former', sk: 'RECORD', incidentId: 'former', status: 'CLOSED', outcome: 'SKIPPED' };
  const opened = { openedAt: at(50 * hour + 1000), openedMonth: '2026-11', alarm: { ...one } };
  await putItem({ ...record, ...opened }, config);

  expect((await incidentsOf([one], config)).get('arn:former')).toMatchObject({ outcome: 'SKIPPED' });
});

test.each([
  ['an earlier transition', at(100 * hour - 10_000), at(100 * hour - 5_000)],
  ['one that began more than an hour later', at(102 * hour), at(102 * hour)],
])('the incident of %s is not that of this one', async (name, changedAt, openedAt) => {
  const one = alarm(name, at(100 * hour));
  await open({ ...one, changedAt }, `inc-${name}`, openedAt);

  expect(await incidentsOf([one, alarm('another', at(103 * hour))], config)).toEqual(new Map());
});

test('periods that are close together are read as one, others on their own', () => {
  const [first, second] = periodsOf([start + 30 * hour, start, start + hour]);

  expect(first).toEqual([start, start + hour + hour + 2_000]);
  expect(second).toEqual([start + 30 * hour, start + 31 * hour + 2_000]);
  expect(periodsOf([])).toEqual([]);
});
