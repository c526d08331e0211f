import { alarmKinds, alarmNameOf, madeByEnrolment } from '../../functions/enrolment/alarm-kinds';
import { compareDue, isDue } from '../../functions/enrolment/due-places';
import { holdPlace, placeName, readRounds } from '../../functions/enrolment/rounds';
import type { Place } from '../../functions/place/place';
import { cloudWatch } from '../../functions/shared/clients/cloudwatch';
import { ec2 } from '../../functions/shared/clients/ec2';
import { putItem } from '../../functions/shared/clients/table';
import { config } from '../fixtures/config';
import { answerFrom, LargeAccount } from '../fixtures/large-account';
import { startTable } from '../fixtures/table';

jest.setTimeout(60_000);

// What waits lets the clock go on: nothing here takes real time.
const start = Date.parse('2026-11-24T02:00:00Z');
let now = start;
jest.mock('../../functions/shared/clock', () => ({
  ...jest.requireActual('../../functions/shared/clock'),
  pause: async (ms: number) => {
    now += ms;
  },
}));

let stop: () => Promise<void>;
let days = 0;
beforeAll(async () => {
  Object.assign(process.env, { CPU_HIGH_PERCENT: '90', CPU_HIGH_MINUTES: '15', NETWORK_OUT_HIGH_BYTES: '5000000000' });
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  now = start + 86_400_000 * ++days;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

const tools = { clock: { now: () => new Date(now) }, config, ids: (() => 'id') as never };
const budgetMs = 180_000;
const hex = (n: number) => n.toString(16).padStart(17, '0');
const idsOf = (count: number, first = 0) => Array.from({ length: count }, (_, i) => `i-${hex(first + i)}`);
const region = 'us-east-1';

/** An account whose instances have all their alarms. */
function enrolled(instanceIds: string[], alarmsOf = instanceIds): LargeAccount {
  const account = new LargeAccount(instanceIds);
  for (const instanceId of alarmsOf) for (const kind of alarmKinds) account.put(alarmOf(kind, instanceId));
  return account;
}

const settings: Record<string, number> = { CPU_HIGH_PERCENT: 90, NETWORK_OUT_HIGH_BYTES: 5_000_000_000 };
function alarmOf(kind: (typeof alarmKinds)[number], instanceId: string) {
  const minutes = kind.lasting ? 15 : undefined;
  const periods = minutes && (minutes * 60) / kind.properties.Period;
  return {
    ...kind.properties,
    ...(periods ? { EvaluationPeriods: periods, DatapointsToAlarm: periods } : {}),
    AlarmName: alarmNameOf(kind, config.STAGE, instanceId),
    AlarmDescription: `${madeByEnrolment} ${kind.id}`,
    Threshold: kind.override?.setting ? settings[kind.override.setting]! : Number(kind.properties.Threshold),
    Dimensions: [{ Name: 'InstanceId', Value: instanceId }],
  };
}

/** Invocations of a run, one after the other, until nothing is due; how long each took, in milliseconds. */
async function runOf(places: readonly Place[], { executionId = 'run', most = 100, unreachable = [] as string[] } = {}) {
  const since = new Date(now).toISOString();
  const [took, failures]: [number[], Map<string, unknown>] = [[], new Map()];
  const done = { put: 0, removed: 0, left: 0 };
  for (let i = 0; i < most; i++) {
    const run = { executionId, since, unreachable: [...unreachable, ...failures.keys()] };
    const known = await readRounds(config);
    if (!places.some((place) => isDue(place, known, run))) break;
    const begun = now;
    const found = await compareDue(places, run, new Date(now + budgetMs), tools);
    took.push(now - begun);
    for (const [name, error] of found.failures) failures.set(name, error);
    done.put += found.put;
    done.removed += found.removed;
    now += 5_000;
  }
  return { took, failures, ...done };
}

test('a place with more alarms than one invocation can describe comes round, each invocation within its time', async () => {
  const ids = idsOf(24_000);
  const gone = `i-${hex(0xfffff)}`;
  const account = enrolled(ids, [...ids, gone]);
  account.remove(alarmNameOf(alarmKinds[0]!, config.STAGE, ids.at(-1)!));
  account.put({ ...alarmOf(alarmKinds[1]!, ids[12_345]!), Threshold: 7 });
  const place = { account: '111111111111', region };
  answerFrom(new Map([[place.account, account]]), { ec2, cloudWatch });

  const { took, put, removed } = await runOf([place]);
  expect({ put, removed }).toEqual({ put: 2, removed: alarmKinds.length });
  expect(took.length).toBeGreaterThan(2);
  // Lambda ends an invocation after 300 seconds.
  expect(Math.max(...took)).toBeLessThan(240_000);
  expect(account.alarms.size).toBe(ids.length * alarmKinds.length);
  expect((await readRounds(config)).get(placeName(place))?.round).toMatchObject({
    ...{ instances: ids.length, alarms: account.alarms.size, problemCount: 0 },
    doneAt: expect.any(String),
  });
  expect((await runOf([place])).put).toBe(0);
});

test('an aborted run is gone on with, not begun anew', async () => {
  const ids = idsOf(12_000);
  const account = enrolled(ids);
  const place = { account: '222222222222', region };
  answerFrom(new Map([[place.account, account]]), { ec2, cloudWatch });
  await runOf([place], { most: 1 });
  const { position } = (await readRounds(config)).get(placeName(place))!.round!;
  const before = account.calls.DescribeAlarms!;
  now += 900_000;
  await runOf([place], { executionId: 'next' });

  expect(position).toMatchObject({ pass: expect.stringMatching('instances|alarms') });
  // Each pass takes a call for 25 instances.
  expect(before).toBeGreaterThan(400);
  expect(account.calls.DescribeAlarms).toBeLessThan((2 * ids.length) / 25 + 10);
});

test('a page of alarms that CloudWatch has forgotten begins the listing anew, and loses nothing', async () => {
  const account = enrolled(idsOf(3), idsOf(5));
  const place = { account: '333333333333', region };
  answerFrom(new Map([[place.account, account]]), { ec2, cloudWatch });
  const round = {
    position: { pass: 'alarms', prefixes: 0, token: 'old' },
    instances: 3,
    alarms: 12,
    problems: [],
    problemCount: 0,
  };
  await putItem(
    { pk: 'ENROLMENT', sk: `RECONCILE#${placeName(place)}`, triedAt: new Date(now).toISOString(), round },
    config,
  );

  expect(await runOf([place])).toMatchObject({ removed: 2 * alarmKinds.length });
});

describe('of a hundred accounts', () => {
  const places = Array.from({ length: 100 }, (_, i) => ({
    account: i === 0 ? config.ACCOUNT_IDS[0]! : String(400_000_000_000 + i),
    region,
  }));

  test('each is compared once in a run, and one that cannot be read fails alone', async () => {
    const accounts = new Map(places.map(({ account }, i) => [account, enrolled(idsOf(20, i * 100))]));
    const refused = accounts.get(places[42]!.account)!;
    refused.refusal = Object.assign(new Error('is not authorized to perform: sts:AssumeRole'), {
      name: 'AccessDenied',
    });
    accounts.get(places[50]!.account)!.remove(alarmNameOf(alarmKinds[0]!, config.STAGE, `i-${hex(5_000)}`));
    answerFrom(accounts, { ec2, cloudWatch });

    const { failures, put } = await runOf(places);
    expect([...failures.keys()]).toEqual([placeName(places[42]!)]);
    expect(put).toBe(1);
    const known = await readRounds(config);
    expect(places.filter((place) => known.get(placeName(place))?.round?.doneAt).length).toBe(99);
    expect(accounts.get(places[7]!.account)!.calls.DescribeInstances).toBe(1);
    refused.refusal = undefined;
    now += 900_000;
    expect((await runOf(places)).failures.size).toBe(0);
  });

  test('if the stage’s own cannot be read, the run fails', async () => {
    const accounts = new Map(places.map(({ account }) => [account, enrolled(idsOf(1))]));
    accounts.get(places[0]!.account)!.refusal = new Error('denied');

    answerFrom(accounts, { ec2, cloudWatch });

    await expect(runOf(places)).rejects.toThrow('denied');
  });

  test('one that another run compares is left to that, until it must be gone', async () => {
    const accounts = new Map(places.map(({ account }) => [account, enrolled(idsOf(1))]));
    answerFrom(accounts, { ec2, cloudWatch });
    const [mine, theirs] = [places[1]!, places[2]!];
    await holdPlace(theirs, 'another', new Date(now), config);
    await runOf([mine, theirs], { most: 1 });
    const meanwhile = accounts.get(theirs.account)!.calls.DescribeInstances;
    now += 331_000;
    await runOf([mine, theirs], { most: 1 });

    expect(accounts.get(mine.account)!.calls.DescribeInstances).toBe(2);
    expect(meanwhile).toBeUndefined();
    expect(accounts.get(theirs.account)!.calls.DescribeInstances).toBe(1);
  });
});
