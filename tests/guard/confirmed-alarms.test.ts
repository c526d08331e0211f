import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { confirmedAmong } from '../../functions/guard/confirmed-alarms';
import { cloudWatch } from '../../functions/shared/clients/cloudwatch';
import { table } from '../../functions/shared/clients/dynamodb';
import { ec2 } from '../../functions/shared/clients/ec2';
import { config as stage } from '../fixtures/config';
import { startTable } from '../fixtures/table';

const config = { ...stage, STORM_LIMIT: 2 };
const optIn = { Key: config.OPT_IN_TAG, Value: 'true' };
const quarantined = { Key: 'incident-playbooks:quarantined-by', Value: 'inc-1' };
let stop: () => Promise<void>;
let count = 0;
let start: string;
let asked: { of: string; input: Record<string, unknown> }[];
/** Answers of CloudWatch and EC2 to what they are asked. */
let inAlarm: (names: string[]) => object;
let instances: (ids: string[]) => object;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  start = `2026-11-24T02:00:${String(count++).padStart(2, '0')}.000Z`;
  asked = [];
  inAlarm = (names) => ({ MetricAlarms: names.map((AlarmName) => ({ AlarmName })) });
  instances = (ids) => ({ Reservations: ids.map(() => ({ Instances: [{ Tags: [optIn] }] })) });
  jest.spyOn(cloudWatch, 'send').mockImplementation((async ({ input }: { input: { AlarmNames: string[] } }) => {
    asked.push({ of: 'alarms', input });
    return inAlarm(input.AlarmNames);
  }) as never);
  jest.spyOn(ec2, 'send').mockImplementation((async ({ input }: { input: { Filters: { Values: string[] }[] } }) => {
    asked.push({ of: 'instances', input });
    return instances(input.Filters[0]!.Values);
  }) as never);
});

/** Instances whose alarms went off in the window, one a second. */
async function went(names: readonly string[]) {
  for (const [i, alarmName] of names.entries()) {
    const at = new Date(Date.parse(start) + 1000 * i).toISOString();
    const Item = { pk: `STORM#${start}`, sk: `i-${i}`, alarmName, at };
    await table.send(new PutCommand({ TableName: config.TABLE_NAME, Item }));
  }
}

test('a window in which nothing went off asks nobody', async () => {
  expect(await confirmedAmong(start, config)).toBe(0);
  expect(asked).toEqual([]);
});

test('alarms in ALARM of more than the limit are confirmed where their instances may be acted on', async () => {
  await went(['a', 'b', 'c']);

  expect(await confirmedAmong(start, config)).toBe(3);
  expect(asked.map(({ of }) => of)).toEqual(['alarms', 'instances']);
  expect(asked[0]!.input).toMatchObject({ StateValue: 'ALARM', AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] });
  expect(asked[1]!.input).toEqual({ Filters: [{ Name: 'instance-id', Values: ['i-2', 'i-1', 'i-0'] }] });
});

test('as many as the limit are counted without asking about their instances: no storm can come of them', async () => {
  await went(['a', 'b']);

  expect(await confirmedAmong(start, config)).toBe(2);
  expect(asked.map(({ of }) => of)).toEqual(['alarms']);
});

test('a composite alarm counts as any other, and an alarm that is not in ALARM, or has no name, does not', async () => {
  await went(['a', 'b', 'c', 'd']);
  inAlarm = () => ({ MetricAlarms: [{ AlarmName: 'a' }, {}], CompositeAlarms: [{ AlarmName: 'c' }] });
  expect(await confirmedAmong(start, config)).toBe(2);

  inAlarm = () => ({});
  expect(await confirmedAmong(start, config)).toBe(0);
});

test('an instance that is not opted in, protected, isolated or gone does not count', async () => {
  await went(['a', 'b', 'c', 'd', 'e']);
  const guarded = { Key: config.PROTECTED_TAG, Value: 'true' };
  const all = [[optIn], [], [optIn, guarded], [optIn, quarantined]].map((Tags) => ({ Tags }));
  instances = () => ({ Reservations: [{ Instances: all.slice(0, 2) }, { Instances: all.slice(2) }, {}] });
  expect(await confirmedAmong(start, config)).toBe(1);

  instances = () => ({});
  expect(await confirmedAmong(start, config)).toBe(0);
});

test('the newest hundred are asked about, each alarm once', async () => {
  await went(Array.from({ length: 120 }, (_, i) => (i % 2 ? 'shared' : `alarm-${i}`)));

  expect(await confirmedAmong(start, config)).toBe(100);
  const names = asked[0]!.input.AlarmNames as string[];
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain('alarm-20');
  expect(names).not.toContain('alarm-18');
});
