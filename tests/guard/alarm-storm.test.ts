import { DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { NewIncident } from '../../functions/record/incident';
import { config } from '../fixtures/config';
import { startTable } from '../fixtures/table';

/** Whoever waits for another execution's answer waits for real, which a test does not. */
jest.mock('../../functions/shared/clock', () => ({
  ...jest.requireActual('../../functions/shared/clock'),
  pause: async (ms: number) => void mockWaited.push(ms),
}));
let mockWaited: number[] = [];

const limit = 3;
const settings = { ...config, STORM_LIMIT: limit, STORM_WINDOW_MINUTES: 5 };
const begin = Date.parse('2026-11-24T02:00:00.000Z');
let stop: () => Promise<void>;
let all: () => Promise<Record<string, unknown>[]>;
const records = async () => (await all()).filter(({ sk }) => sk === 'RECORD');
/** Which alarms are in ALARM, and which instances are opted in. */
let inAlarm: (name: string) => boolean;
let optedIn: (id: string) => boolean;

beforeAll(async () => {
  ({ stop } = await startTable('incidents'));
});
beforeEach(async () => {
  const { table } = await import('../../functions/shared/clients/dynamodb');
  all = async () => (await table.send(new ScanCommand({ TableName: 'incidents' }))).Items ?? [];
  for (const { pk, sk } of await all())
    await table.send(new DeleteCommand({ TableName: 'incidents', Key: { pk, sk } }));
  const { cloudWatch } = await import('../../functions/shared/clients/cloudwatch');
  const { ec2 } = await import('../../functions/shared/clients/ec2');
  jest.spyOn(cloudWatch, 'send').mockImplementation((async ({ input }: { input: { AlarmNames: string[] } }) => ({
    MetricAlarms: input.AlarmNames.filter((name) => inAlarm(name)).map((AlarmName) => ({ AlarmName })),
  })) as never);
  jest.spyOn(ec2, 'send').mockImplementation((async ({ input }: { input: { Filters: { Values: string[] }[] } }) => ({
    Reservations: [
      {
        Instances: input.Filters[0]!.Values.map((id) => ({
          Tags: optedIn(id) ? [{ Key: 'incident-playbooks:enabled', Value: 'true' }] : [],
        })),
      },
    ],
  })) as never);
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  inAlarm = () => true;
  optedIn = () => true;
});
afterAll(async () => {
  const { dynamoDb } = await import('../../functions/shared/clients/dynamodb');
  dynamoDb.destroy();
  await stop();
});

const incident = (n: number, instance = n): NewIncident =>
  ({
    incidentId: `inc-${n}`,
    executionId: `e-${n}`,
    playbook: 'restart-instance',
    trigger: 'alarm',
    drill: false,
    mode: 'act',
    openedAt: new Date(begin).toISOString(),
    instanceId: `i-${String(instance).padStart(17, '0')}`,
    alarm: { alarmName: `alarm-${instance}` },
  }) as NewIncident;

/** Joins one after the other, so many seconds apart. @returns which of them are part of a storm */
async function join(incidents: readonly NewIncident[], secondsApart = 2, from = 0): Promise<boolean[]> {
  const { joinAlarmStorm } = await import('../../functions/guard/alarm-storm');
  const held: boolean[] = [];
  for (const [index, one] of incidents.entries()) {
    const now = new Date(begin + (from + index * secondsApart) * 1000);
    held.push((await joinAlarmStorm(one, { now: () => now }, settings)) !== undefined);
  }
  return held;
}
const many = (count: number) => Array.from({ length: count }, (_, n) => incident(n));

test('more than the limit of confirmed, eligible instances are a storm with one parent', async () => {
  expect(await join(many(6))).toEqual([false, false, false, true, true, true]);
  expect(await records()).toMatchObject([{ trigger: 'storm', outcome: 'ESCALATED', code: 'storm' }]);
});

test.each<[string, () => void, NewIncident[]]>([
  ['one instance again and again', () => {}, Array.from({ length: 9 }, (_, n) => incident(n, 1))],
  ['alarms that CloudWatch does not know', () => (inAlarm = () => false), many(9)],
  ['instances that are not opted in', () => (optedIn = () => false), many(9)],
  ['too few that are opted in', () => (optedIn = (id) => /[012]$/.test(id)), many(9)],
])('%s are none', async (_what, given, incidents) => {
  given();

  expect(await join(incidents)).not.toContain(true);
  expect(await records()).toEqual([]);
});

test('an incident of no alarm, or of no instance, is part of none and counts for none', async () => {
  const { alarm: _alarm, ...unalarmed } = incident(1);
  const { instanceId: _instance, ...unplaced } = incident(2);

  expect(await join([unalarmed, unplaced, ...many(3)] as NewIncident[])).not.toContain(true);
  expect(await join([unalarmed, unplaced] as NewIncident[], 2, 60)).not.toContain(true);
});

test('instances that went off a window apart are counted anew', async () => {
  expect(await join(many(3))).not.toContain(true);
  expect(await join([incident(3), incident(4), incident(5)], 2, 300)).not.toContain(true);
  expect(await join([incident(6)], 2, 310)).toEqual([true]);
});

test('all of a storm have the same parent, which an instance that went off before does not make larger', async () => {
  const { joinAlarmStorm } = await import('../../functions/guard/alarm-storm');
  await join(many(4));
  const parentOf = (one: NewIncident, seconds: number) =>
    joinAlarmStorm(one, { now: () => new Date(begin + seconds * 1000) }, settings);
  const size = async () => (await all()).find(({ pk }) => pk === 'STORM#ALARMS')?.size;
  const before = await size();
  const parents = [await parentOf(incident(0), 60), await parentOf(incident(90), 61)];

  expect(parents).toEqual(Array(2).fill((await records())[0]!.incidentId));
  expect([before, await size()]).toEqual([4, 5]);
});

test('CloudWatch is asked by one of those that come at once, and again only when there are more by a limit', async () => {
  const { cloudWatch } = await import('../../functions/shared/clients/cloudwatch');
  inAlarm = () => false;
  jest.mocked(cloudWatch.send).mockClear();
  await join(many(12), 2);

  // At 4, and then whenever as many as the limit have come since.
  expect(cloudWatch.send).toHaveBeenCalledTimes(3);
});

test('who asked itself is told at once that there is no storm', async () => {
  inAlarm = () => false;
  mockWaited = [];
  await join(many(4));

  expect(mockWaited).toEqual([]);
});

test('a storm that was just confirmed holds the others back without asking anybody', async () => {
  const { cloudWatch } = await import('../../functions/shared/clients/cloudwatch');
  jest.mocked(cloudWatch.send).mockClear();

  expect(await join(many(20))).toEqual(Array.from({ length: 20 }, (_, n) => n >= limit));
  expect(cloudWatch.send).toHaveBeenCalledTimes(1);
});

test('who comes while another asks waits for its answer', async () => {
  const { joinAlarmStorm } = await import('../../functions/guard/alarm-storm');
  await join(many(3));
  const now = () => new Date(begin + 10_000);
  const found = await Promise.all([3, 4, 5].map((n) => joinAlarmStorm(incident(n), { now }, settings)));

  expect(new Set(found).size).toBe(1);
  expect(found[0]).toBe((await records())[0]!.incidentId);
});

test('who waits for an answer that does not come is part of none', async () => {
  const { joinAlarmStorm } = await import('../../functions/guard/alarm-storm');
  await join(many(3));
  inAlarm = () => false;
  await join([incident(3)], 2, 9);
  mockWaited = [];
  const now = () => new Date(begin + 9_500);

  expect(await joinAlarmStorm(incident(4), { now }, settings)).toBeUndefined();
  // Three seconds at most: longer than the two calls take.
  expect(mockWaited.reduce((sum, ms) => sum + ms, 0)).toBe(3000);
});

test('a storm is confirmed again while it lasts, so that it is the same one after two windows', async () => {
  await join(many(4));
  await join(
    Array.from({ length: 8 }, (_, n) => incident(100 + n)),
    140,
    60,
  );

  expect((await records()).filter(({ reason }) => String(reason).startsWith('More than'))).toHaveLength(1);
});

test('after a storm that ended, another has a parent of its own', async () => {
  await join(many(4));
  const again = [200, 201, 202, 203].map((n) => incident(n));

  expect(await join(again, 2, 1200)).toEqual([false, false, false, true]);
  expect(await records()).toHaveLength(2);
});

test('a storm ends when its alarms do, although events go on', async () => {
  await join(many(6));
  inAlarm = () => false;
  const later = Array.from({ length: 20 }, (_, n) => incident(100 + n));

  expect(await join(later, 2, 700)).not.toContain(true);
});

test('a storm that lasts has one parent, and is told again every hour with its size', async () => {
  const incidents = Array.from({ length: 150 }, (_, n) => incident(n));
  const held = await join(incidents, 60);
  const parents = (await records()).map(({ reason }) => String(reason));

  expect(held.slice(3)).not.toContain(false);
  expect(parents.filter((reason) => reason.startsWith('More than 3 incidents'))).toHaveLength(1);
  expect(parents.filter((reason) => /goes on: \d+ instances so far/.test(reason))).toHaveLength(2);
});

test.each([
  ['holds others back', 1, true],
  ['is over', 0, false],
])('two windows after its alarms were last confirmed a storm %s (%i ms before)', async (_what, msBefore, isHeld) => {
  const { joinAlarmStorm } = await import('../../functions/guard/alarm-storm');
  await join(many(4));
  const now = () => new Date(begin + 606_000 - msBefore);

  expect((await joinAlarmStorm(incident(300), { now }, settings)) !== undefined).toBe(isHeld);
});

test.each([
  ['not before an hour has passed', 63, 0],
  ['as soon as it has', 64, 1],
])('a storm is told again, %s', async (_when, count, told) => {
  await join(
    Array.from({ length: count }, (_, n) => incident(n)),
    60,
  );

  const again = (await records()).filter(({ reason }) => String(reason).includes('goes on'));
  expect(again).toHaveLength(told);
});
