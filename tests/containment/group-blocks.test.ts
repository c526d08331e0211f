import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import {
  beginGroup,
  type Group,
  joinGroup,
  readGroup,
  sealGroup,
  sizeOf,
} from '../../functions/containment/block-group';
import { handler } from '../../functions/containment/group-blocks';
import { table } from '../../functions/shared/clients/dynamodb';
import { awsError } from '../fixtures/answering';
import { openRecordOf, questionOf } from '../fixtures/approved';
import { config } from '../fixtures/config';
import { openBlock, putItem, readItemOf } from '../fixtures/containing';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const start = Date.parse('2026-11-24T02:00:00.000Z');
/** The time, some seconds after the first finding. */
const at = (seconds: number) => new Date(start + seconds * 1000);
const wait = (seconds: number) => jest.setSystemTime(at(seconds));
const [one, two, three, four] = [1, 2, 3, 4].map((n) => `198.51.100.${n}/32`) as [string, string, string, string];
const addressOf = (cidr: string) => ({ cidr, family: 'IPv4' as const });

let stop: () => Promise<void>;
let count = 0;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(async () => {
  setEnvironment({ BLOCK_GROUP_LIMIT: '3' });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  jest.useFakeTimers({ now: start, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'] });
  for (const sk of ['COLLECTING', 'ASKING', 'COLLECTING#drill', 'ASKING#drill'])
    await table.send(new DeleteCommand({ TableName: config.TABLE_NAME, Key: { pk: 'BLOCK_GROUPS', sk } }));
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

type Incident = Awaited<ReturnType<typeof found>>;
/** An incident of a finding about these addresses. */
const found = (cidrs: readonly string[], change: Record<string, unknown> = {}) =>
  openBlock(`inc-${String(count++).padStart(20, '0')}`, cidrs, 60, { trigger: 'finding', ...change });
const group = async (incident: Incident) =>
  (await handler({ incident } as never, lambdaContext)) as Record<string, unknown> & {
    conclusion?: { reason: string };
  };
const close = (incident: Incident) => putItem(openRecordOf(incident as never, { status: 'CLOSED' }));
/** The request for approval of an incident, as it stands. */
const request = (incident: Incident, change: Record<string, unknown> = {}) =>
  putItem(questionOf(incident as never, 'block', { cidrs: [one], minutes: 60 }, change));
/** A group that has asked for approval: its leader, after a minute. */
async function asked(cidrs: readonly string[] = [one]) {
  const leader = await found(cidrs);
  await group(leader);
  wait(60);
  expect(await group(leader)).toMatchObject({ verdict: 'READY' });
  await request(leader);
  return leader;
}
const waiting = { verdict: 'WAIT', waitSeconds: 15 };

describe('the first finding about an address', () => {
  test('waits a minute for others, and then asks for its own', async () => {
    const leader = await found([one], { block: { ...addressOf(one), minutes: 60, sources: '5 from 198.51.100.1' } });

    expect(await group(leader)).toMatchObject(waiting);
    wait(59);
    expect(await group(leader)).toMatchObject(waiting);
    wait(60);
    expect(await group(leader)).toEqual({
      ...addressOf(one),
      minutes: 60,
      sources: '5 from 198.51.100.1',
      verdict: 'READY',
    });
  });

  test('asks again for the same when its step is repeated, also once others collect anew', async () => {
    const leader = await asked([one, two]);
    const others = await found([three]);
    expect(await group(others)).toMatchObject(waiting);

    expect(await group(leader)).toEqual({
      ...addressOf(one),
      minutes: 60,
      more: [addressOf(two)],
      storm: { since: at(0).toISOString(), addresses: 2 },
      verdict: 'READY',
    });
  });

  test('takes the addresses that may be blocked, and not those that were left out', async () => {
    const leader = await found([one, two], { eligibility: { addresses: [addressOf(two)] } });
    await group(leader);
    wait(60);

    expect(await group(leader)).toEqual({ ...addressOf(two), minutes: 60, verdict: 'READY' });
  });

  test('touches no group unless the record says that it is its turn', async () => {
    const leader = await found([one]);
    await close(leader);

    await expect(group(leader)).rejects.toMatchObject({ name: 'OutOfTurnError' });
    expect(await readGroup('COLLECTING', false, config)).toBeUndefined();
  });
});

describe('a later finding', () => {
  test('joins: it ends with the incident that asks, whose timeline names its address', async () => {
    const leader = await found([two]);
    await group(leader);
    wait(30);
    const other = await found([three, one]);

    expect(await group(other)).toMatchObject({
      verdict: 'JOINED',
      conclusion: {
        outcome: 'SKIPPED',
        code: 'grouped',
        reason: `Incident ${leader.incidentId} requests approval to block ${three}, ${one} together with other addresses.`,
      },
    });
    for (const cidr of [one, three])
      expect(await readItemOf(`INCIDENT#${leader.incidentId}`, `ENTRY#joined#${cidr}`)).toMatchObject({
        at: at(30).toISOString(),
        what: `${cidr} joined this request (incident ${other.incidentId}).`,
      });
    expect(await readItemOf(`INCIDENT#${other.incidentId}`, 'END#SKIPPED#grouped')).toBeDefined();
  });

  test('starts the minute anew; the request has all addresses, and says that it is a storm', async () => {
    const leader = await found([two], { trigger: 'alarm' });
    await group(leader);
    wait(30);
    await group(await found([one]));

    wait(89);
    // With a limit that is not reached, so that only the time counts.
    process.env.BLOCK_GROUP_LIMIT = '10';
    expect(await group(leader)).toMatchObject(waiting);
    wait(90);
    expect(await group(leader)).toEqual({
      ...addressOf(one),
      minutes: 60,
      more: [addressOf(two)],
      storm: { since: at(0).toISOString(), addresses: 2 },
      verdict: 'READY',
    });
  });

  test('holds the request up for four minutes at most', async () => {
    process.env.BLOCK_GROUP_LIMIT = '20';
    const leader = await found([one]);
    await group(leader);
    for (const seconds of [50, 100, 150, 200]) {
      wait(seconds);
      await group(await found([`203.0.113.${seconds}/32`]));
    }

    wait(239);
    expect(await group(leader)).toMatchObject(waiting);
    wait(240);
    expect(await group(leader)).toMatchObject({ verdict: 'READY', storm: { addresses: 5 } });
  });

  test('about an address that the group has joins, also where there is no place left', async () => {
    const leader = await found([one, two, three]);
    await group(leader);

    expect(await group(await found([two]))).toMatchObject({ verdict: 'JOINED' });
    const { members, lastAt } = (await readGroup('COLLECTING', false, config))!;
    expect(Object.keys(members)).toEqual([one, two, three]);
    expect(members[two]?.incidentId).toBe(leader.incidentId);
    expect(lastAt).toBe(at(0).toISOString());
  });

  test('takes the place of a leader that has ended without asking', async () => {
    const ended = await found([one]);
    await group(ended);
    await close(ended);
    const next = await found([two]);

    expect(await group(next)).toMatchObject(waiting);
    expect(await readGroup('COLLECTING', false, config)).toMatchObject({ leader: next.incidentId, before: 1 });
  });
});

describe('a group of as many addresses as one request covers', () => {
  test('asks at once', async () => {
    const leader = await found([one, two]);
    await group(leader);
    expect(await group(leader)).toMatchObject(waiting);
    await group(await found([three]));

    expect(await group(leader)).toMatchObject({ verdict: 'READY', ...addressOf(one) });
  });

  test('takes no further one: a person is told which, and how many by now', async () => {
    const leader = await found([one, two]);
    await group(leader);
    wait(10);
    const reasonOf = (cidrs: string, sum: number) =>
      `Findings and alarms since ${at(0).toISOString()} name more than 3 addresses, which is all that one request for approval covers (incident ${leader.incidentId}). Not part of it: ${cidrs}; ${sum} so far. Block a range, or at the edge of the network.`;

    expect(await group(await found([three, four]))).toMatchObject({
      verdict: 'FULL',
      conclusion: { outcome: 'ESCALATED', code: 'group-full', reason: reasonOf(`${three}, ${four}`, 2) },
    });
    await group(await found([three]));
    expect((await group(await found([four]))).conclusion?.reason).toBe(reasonOf(four, 3));
    expect(Object.keys((await readGroup('COLLECTING', false, config))!.members)).toEqual([one, two, three]);
  });
});

test('a finding whose group is closed just before it joins begins the next one', async () => {
  const leader = await found([one, two]);
  await group(leader);
  const other = await found([three]);
  const send = table.send.bind(table);
  let isClosed = false;
  jest.spyOn(table, 'send').mockImplementation(async (command: object) => {
    if (command.constructor.name === 'UpdateCommand' && !isClosed) {
      isClosed = true;
      await sealGroup((await readGroup('COLLECTING', false, config))!, undefined, false, at(1), config);
    }
    return send(command as never) as never;
  });

  expect(await group(other)).toMatchObject(waiting);
  expect(await readGroup('COLLECTING', false, config)).toMatchObject({ leader: other.incidentId, before: 2 });
});

describe('while a request awaits its answer', () => {
  test('a finding about one of its addresses joins it', async () => {
    const leader = await asked();

    expect(await group(await found([one]))).toMatchObject({
      verdict: 'JOINED',
      conclusion: { reason: expect.stringContaining(leader.incidentId) },
    });
    // Not all of its addresses are in that request, so it needs one of its own.
    expect(await group(await found([one, two]))).toMatchObject(waiting);
  });

  test('the next group waits until it is answered', async () => {
    const leader = await asked();
    const next = await found([two]);
    await group(next);

    wait(180);
    expect(await group(next)).toMatchObject(waiting);
    await request(leader, { status: 'ANSWERED', answer: 'no' });
    expect(await group(next)).toMatchObject({
      verdict: 'READY',
      ...addressOf(two),
      storm: { since: at(0).toISOString(), addresses: 2 },
    });
  });

  test('the next group waits until the incident that asked has ended', async () => {
    const leader = await asked();
    const next = await found([two]);
    await group(next);
    wait(180);
    await close(leader);

    expect(await group(next)).toMatchObject({ verdict: 'READY' });
  });

  test('the next group waits 55 minutes at most', async () => {
    await asked();
    const next = await found([two]);
    await group(next);

    wait(60 + 3_299);
    expect(await group(next)).toMatchObject(waiting);
    wait(60 + 3_300);
    expect(await group(next)).toMatchObject({ verdict: 'READY' });
  });

  test('an answered one takes no more: the same address is asked about again', async () => {
    const leader = await asked();
    await request(leader, { status: 'ANSWERED', answer: 'yes' });

    expect(await group(await found([one]))).toMatchObject(waiting);
  });

  test('a leader that has the turn is waited for, five minutes at most, until its request is stored', async () => {
    const leader = await found([one]);
    await group(leader);
    wait(60);
    await group(leader);
    const next = await found([two]);
    await group(next);

    wait(60 + 299);
    expect(await group(next)).toMatchObject(waiting);
    wait(60 + 300);
    expect(await group(next)).toMatchObject({ verdict: 'READY' });
  });
});

describe('a storm', () => {
  /** The group that begins so long after the last finding of one of two addresses, with another that found no place. */
  async function nextAfter(seconds: number) {
    process.env.BLOCK_GROUP_LIMIT = '2';
    const leader = await found([one, two]);
    await group(leader);
    await group(await found([three]));
    await group(leader);
    await close(leader);
    wait(seconds);
    const next = await found([four]);
    await group(next);
    wait(seconds + 60);
    return group(next);
  }

  test('goes on while findings follow each other within an hour: also those that found no place count', async () => {
    expect(await nextAfter(3_599)).toMatchObject({ storm: { since: at(0).toISOString(), addresses: 4 } });
  });

  test('is over after an hour', async () => {
    expect(await nextAfter(3_600)).toEqual({ ...addressOf(four), minutes: 60, verdict: 'READY' });
  });
});

test.each([
  ['started manually', { trigger: 'manual' }],
  ['that two people have to approve', { eligibility: { awsRanges: [{ cidr: one, what: 'an AWS service' }] } }],
])('a request %s is asked at once, in no group', async (_what, change) => {
  const block = { ...addressOf(one), minutes: 30, sources: 'two sources' };
  const alone = await found([one], { ...change, block: { ...block, more: [addressOf(two)] } });

  expect(await group(alone)).toEqual({ ...block, more: [addressOf(two)], verdict: 'READY' });
  expect(await readGroup('COLLECTING', false, config)).toBeUndefined();
});

test('a drill never joins a request that is not one', async () => {
  await group(await found([one]));

  expect(await group(await found([two], { drill: true }))).toMatchObject(waiting);
  expect(Object.keys((await readGroup('COLLECTING', false, config))!.members)).toEqual([one]);
  expect(Object.keys((await readGroup('COLLECTING', true, config))!.members)).toEqual([two]);
});

test('a finding that loses each race for the group is tried again later', async () => {
  const incident = await found([one]);
  const send = table.send.bind(table);
  jest.spyOn(table, 'send').mockImplementation(async (command: object) => {
    if (command.constructor.name === 'PutCommand') throw awsError('ConditionalCheckFailedException');
    return send(command as never) as never;
  });

  await expect(group(incident)).rejects.toMatchObject({
    name: 'BusyError',
    message: 'Other findings changed the group each time that this one was about to join it.',
  });
});

describe('of two that are faster than each other', () => {
  const joining = (incidentId: string, ...cidrs: string[]) => ({
    incidentId,
    drill: false,
    addresses: cidrs.map(addressOf),
  });
  const standing = () => readGroup('COLLECTING', false, config) as Promise<Group>;

  test('one begins a group', async () => {
    expect(await beginGroup(joining('inc-a', one), undefined, at(0), config)).toBe(true);
    expect(await beginGroup(joining('inc-b', two), undefined, at(0), config)).toBe(false);
    const old = await standing();
    expect(await beginGroup(joining('inc-b', two), old, at(60), config)).toBe(true);
    expect(await beginGroup(joining('inc-c', three), old, at(60), config)).toBe(false);
    expect(await standing()).toMatchObject({ leader: 'inc-b', members: { [two]: { incidentId: 'inc-b' } } });
  });

  test('a group of the same leader that began anew is another group', async () => {
    await beginGroup(joining('inc-a', one), undefined, at(0), config);
    const old = await standing();
    await beginGroup(joining('inc-a', one), old, at(60), config);

    expect(await beginGroup(joining('inc-b', two), old, at(61), config)).toBe(false);
  });

  test('none joins a group of another leader, a sealed one, or one without room for all', async () => {
    await beginGroup(joining('inc-a', one), undefined, at(0), config);
    const open = await standing();
    const join = (...cidrs: string[]) => joinGroup(joining('inc-b', ...cidrs), open, 3, at(5), config);

    expect(await joinGroup(joining('inc-b', two), { ...open, leader: 'inc-x' }, 3, at(5), config)).toBe(false);
    expect(await join(two, three, four)).toBe(false);
    expect(await join(two, three)).toBe(true);
    expect(await standing()).toMatchObject({ lastAt: at(5).toISOString() });
    expect(await join(four)).toBe(false);
    await sealGroup(await standing(), undefined, false, at(10), config);
    expect(await joinGroup(joining('inc-b', four), open, 9, at(11), config)).toBe(false);
    expect(sizeOf(await standing())).toBe(3);
  });

  test('one has the turn to ask; it may take it again', async () => {
    await beginGroup(joining('inc-a', one), undefined, at(0), config);
    const group = await standing();
    const seal = (change: Partial<Group>, before?: Group) =>
      sealGroup({ ...group, ...change }, before, false, at(60), config);

    expect(await seal({})).toMatchObject({ leader: 'inc-a', sealedAt: at(60).toISOString() });
    expect(await seal({})).toMatchObject({ leader: 'inc-a', sealedAt: at(60).toISOString() });
    expect(await seal({ leader: 'inc-b' })).toBeUndefined();
    expect(await seal({ leader: 'inc-b' }, { ...group, leader: 'inc-x' })).toBeUndefined();
    expect(await readGroup('ASKING', false, config)).toMatchObject({ leader: 'inc-a' });
    expect(await seal({ leader: 'inc-b' }, group)).toMatchObject({ leader: 'inc-b' });
  });

  test('what joined until the group was closed is asked about, and the time of asking counts from then', async () => {
    await beginGroup(joining('inc-a', one), undefined, at(0), config);
    const known = await standing();
    await joinGroup(joining('inc-b', two), known, 3, at(59), config);

    expect(Object.keys((await sealGroup(known, undefined, false, at(60), config))!.members)).toEqual([one, two]);
    const asking = (await readGroup('ASKING', false, config))!;
    expect(Object.keys(asking.members)).toEqual([one, two]);
    expect(asking.lastAt).toBe(at(60).toISOString());
    expect(await sealGroup(known, undefined, false, at(90), config)).toMatchObject({ sealedAt: at(60).toISOString() });
  });

  test('a leader whose group was replaced asks about what it knew', async () => {
    await beginGroup(joining('inc-a', one), undefined, at(0), config);
    const known = await standing();
    await beginGroup(joining('inc-b', two), known, at(50), config);

    expect(await sealGroup(known, undefined, false, at(60), config)).toEqual(known);
    expect(await standing()).not.toHaveProperty('sealedAt');
  });
});
