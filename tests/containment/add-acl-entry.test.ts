import type { NetworkAclEntry } from '@aws-sdk/client-ec2';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { handler } from '../../functions/containment/add-acl-entry';
import { readBlock } from '../../functions/containment/block-store';
import { table } from '../../functions/shared/clients/dynamodb';
import { ec2 } from '../../functions/shared/clients/ec2';
import { awsError } from '../fixtures/answering';
import { openRecordOf, questionOf, saidYes } from '../fixtures/approved';
import { config } from '../fixtures/config';
import { readItemOf } from '../fixtures/containing';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const acl = 'acl-0123456789abcdef0';
const cidr = '198.51.100.7/32';
let count = 0;
let incidentId: string;
let entries: NetworkAclEntry[];
/** Whether EC2 keeps what it is told, by direction and range. */
let keeps: (egress: boolean, range?: string) => boolean;
/** The error with which EC2 refuses an entry. */
let refuses: (input: NetworkAclEntry) => string | undefined;
/** The IPv4 range of a VPC of ours. */
let vpc: string | undefined;
let deleted: unknown[];
/** How often EC2 was asked for the entries. */
let looks: number;
let created: { RuleNumber: number; Egress: boolean; CidrBlock?: string; Ipv6CidrBlock?: string }[];
let stop: () => Promise<void>;

const incident = (change: Record<string, unknown> = {}) => ({
  recordVersion: 2,
  schemaVersion: 1,
  incidentId,
  executionId: 'execution',
  playbook: 'block-traffic',
  trigger: 'manual' as const,
  drill: false,
  mode: 'act' as const,
  openedAt: '2026-11-24T02:00:00.000Z',
  block: { cidr, family: 'IPv4', minutes: 60 },
  ...change,
});
const put = (Item: Record<string, unknown>) => table.send(new PutCommand({ TableName: 'incidents', Item }));
const deny = (RuleNumber: number, Egress: boolean, range = cidr): NetworkAclEntry => ({
  RuleNumber,
  Egress,
  CidrBlock: range,
  Protocol: '-1',
  RuleAction: 'deny',
});
const block = (change: Record<string, unknown> = {}) => ({
  pk: 'BLOCKS',
  sk: `BLOCK#${cidr}`,
  cidr,
  family: 'IPv4',
  incidentId,
  since: '2026-11-24T02:00:00.000Z',
  until: '9999-01-01T00:00:00.000Z',
  status: 'ADDING',
  ...change,
});
const run = () => handler({ incident: incident() }, lambdaContext);

beforeAll(async () => {
  ({ stop } = await startTable('incidents'));
  jest.spyOn(ec2, 'send').mockImplementation(async (command: { constructor: { name: string }; input: unknown }) => {
    switch (command.constructor.name) {
      case 'DescribeNetworkAclsCommand':
        looks += 1;
        expect(command.input).toEqual({ NetworkAclIds: [acl] });
        return { NetworkAcls: [{ Entries: [...entries] }] } as never;
      case 'DescribeVpcsCommand':
        return { Vpcs: [{ CidrBlock: vpc }] } as never;
      case 'CreateNetworkAclEntryCommand': {
        const input = command.input as (typeof created)[number];
        const error = refuses(input);
        if (error) throw awsError(error);
        created.push(input);
        if (keeps(input.Egress, input.CidrBlock)) entries.push(input as NetworkAclEntry);
        return {} as never;
      }
      case 'DeleteNetworkAclEntryCommand': {
        const { RuleNumber, Egress } = command.input as { RuleNumber: number; Egress: boolean };
        deleted.push(command.input);
        entries = entries.filter((entry) => entry.RuleNumber !== RuleNumber || entry.Egress !== Egress);
        return {} as never;
      }
      default:
        return {} as never;
    }
  });
});
afterAll(() => stop());

beforeEach(async () => {
  setEnvironment({
    BLOCK_NETWORK_ACL_ID: acl,
    BLOCK_MINUTES: '60',
    WIDEST_IPV4_PREFIX: '24',
    WIDEST_IPV6_PREFIX: '48',
  });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  incidentId = `inc-${String(count++).padStart(20, '0')}`;
  entries = [];
  created = [];
  deleted = [];
  looks = 0;
  keeps = () => true;
  refuses = () => undefined;
  vpc = undefined;
  await put(openRecordOf(incident() as never));
  const question = questionOf(incident() as never, 'block', { cidrs: [cidr], minutes: 60, networkAclId: acl });
  await put({ ...question, ...saidYes() });
  await put(block());
});

test('a range is denied in both directions under one number ahead of the rules of people', async () => {
  entries = [{ RuleNumber: 100, Egress: false, CidrBlock: '0.0.0.0/0', Protocol: '-1', RuleAction: 'allow' }];

  expect(await run()).toEqual({ verdict: 'ADDED', networkAclId: acl, ruleNumber: 1 });
  expect(created.map(({ RuleNumber, Egress, CidrBlock }) => [RuleNumber, Egress, CidrBlock])).toEqual([
    [1, false, cidr],
    [1, true, cidr],
  ]);
  expect((await readBlock(cidr, config))?.acl).toEqual({ networkAclId: acl, ruleNumber: 1 });
  expect(await readItemOf(`INCIDENT#${incidentId}`, 'ENTRY#acl-entry-added')).toMatchObject({
    what: `Denied ${cidr} in ${acl}, rule 1, both directions.`,
    revert: 'delete the entries',
  });
});

test.each([false, true])('an entry that EC2 took and does not have (egress %s) is no block', async (lost) => {
  keeps = (egress) => egress !== lost;

  await expect(run()).rejects.toMatchObject({ name: 'NotVerifiedError', message: expect.stringContaining('1 of 2') });
});

test('a retry adds the direction that is missing, and only that', async () => {
  await put(block({ acl: { networkAclId: acl, ruleNumber: 7 } }));
  entries = [deny(7, true)];

  expect(await run()).toMatchObject({ verdict: 'ADDED', ruleNumber: 7 });
  expect(created.map(({ RuleNumber, Egress }) => [RuleNumber, Egress])).toEqual([[7, false]]);
});

test('a retry that finds both directions adds nothing', async () => {
  await put(block({ acl: { networkAclId: acl, ruleNumber: 7 } }));
  entries = [deny(7, true), deny(7, false)];

  expect(await run()).toMatchObject({ verdict: 'ADDED', ruleNumber: 7 });
  expect(created).toEqual([]);
});

test('a retry that finds both directions in a network ACL that is full by now adds nothing', async () => {
  await put(block({ acl: { networkAclId: acl, ruleNumber: 7 } }));
  entries = [deny(7, true), deny(7, false)];
  entries.push(...Array.from({ length: 19 }, (_, n) => deny(n + 20, false, `203.0.113.${n}/32`)));

  expect(await run()).toMatchObject({ verdict: 'ADDED', ruleNumber: 7 });
  expect(created).toEqual([]);
});

test('a range that has become ours is not denied', async () => {
  vpc = cidr;

  await expect(run()).rejects.toMatchObject({ name: 'RangeRefusedError' });
  expect(created).toEqual([]);
});

test('entries under other numbers and of other ranges do not count as the range’s own', async () => {
  await put(block({ acl: { networkAclId: acl, ruleNumber: 7 } }));
  entries = [deny(7, true), deny(8, true), deny(8, false), deny(9, false, '203.0.113.0/24')];

  expect(await run()).toMatchObject({ verdict: 'ADDED', ruleNumber: 7 });
  expect(created.map(({ RuleNumber, Egress }) => [RuleNumber, Egress])).toEqual([[7, false]]);
});

test('a number that is recorded and not used yet is used, unless the network ACL is full', async () => {
  await put(block({ acl: { networkAclId: acl, ruleNumber: 7 } }));
  expect(await run()).toMatchObject({ ruleNumber: 7 });

  entries = Array.from({ length: 20 }, (_, n) => deny(n + 20, false, `203.0.113.${n}/32`));
  await expect(run()).rejects.toMatchObject({ name: 'NetworkAclFullError' });
});

test('an entry of somebody else under the number that only one direction shows is left, and another number is used', async () => {
  await put(block({ acl: { networkAclId: acl, ruleNumber: 7 } }));
  entries = [deny(7, true), deny(7, false, '203.0.113.0/24')];

  expect(await run()).toMatchObject({ ruleNumber: 1 });
});

test('a number that somebody has taken since is left to them', async () => {
  await put(block({ acl: { networkAclId: acl, ruleNumber: 1 } }));
  entries = [deny(1, false, '203.0.113.0/24')];

  expect(await run()).toMatchObject({ verdict: 'ADDED', ruleNumber: 2 });
  expect(entries).toContainEqual(deny(1, false, '203.0.113.0/24'));
});

describe('a full network ACL', () => {
  const others = () => Array.from({ length: 20 }, (_, i) => deny(i + 1, false, `203.0.113.${i}/32`));

  test('loses the entry that expired first', async () => {
    entries = others();
    for (const [number, until] of [
      [3, '2026-01-02T00:00:00.000Z'],
      [5, '2026-01-01T00:00:00.000Z'],
    ] as const) {
      const old = `203.0.113.${number - 1}/32`;
      await put(
        block({
          sk: `BLOCK#${old}`,
          cidr: old,
          until,
          status: 'ACTIVE',
          acl: { networkAclId: acl, ruleNumber: number },
        }),
      );
    }

    expect(await run()).toMatchObject({ verdict: 'ADDED', ruleNumber: 5 });
    expect(entries.filter(({ RuleNumber }) => RuleNumber === 3)).toHaveLength(1);
    for (const number of [3, 5])
      await put(block({ sk: `BLOCK#203.0.113.${number - 1}/32`, cidr: `203.0.113.${number - 1}/32` }));
  });

  test('without an expired entry refuses the block, and changes nothing', async () => {
    entries = others();

    await expect(run()).rejects.toMatchObject({
      name: 'NetworkAclFullError',
      message: 'The network ACL is full, and none of the entries in it has expired.',
    });
    expect(entries).toEqual(others());
  });

  const old = '203.0.113.4/32';
  /** The block of one of the others, which may have expired. */
  const other = (change: Record<string, unknown> = {}) => {
    const expired = { until: new Date(Date.now() - 1).toISOString(), status: 'ACTIVE' };
    const itsAcl = { networkAclId: acl, ruleNumber: 5 };
    return put(block({ sk: `BLOCK#${old}`, cidr: old, incidentId: 'inc-old', acl: itsAcl, ...expired, ...change }));
  };
  afterEach(async () => {
    jest.useRealTimers();
    await other({ until: '9999-01-01T00:00:00.000Z' });
  });

  test.each<[string, Record<string, unknown>]>([
    ['one that has not expired', { until: '9999-01-01T00:00:00.000Z' }],
    ['one of the other family', { family: 'IPv6' }],
    ['one in another network ACL', { acl: { networkAclId: 'acl-0fedcba9876543210', ruleNumber: 5 } }],
    ['one that is in no network ACL', { acl: undefined }],
  ])('does not lose %s', async (_what, change) => {
    entries = others();
    await other(change);

    await expect(run()).rejects.toMatchObject({ name: 'NetworkAclFullError' });
    expect(entries).toEqual(others());
    expect((await readBlock(old, config))?.acl).toEqual('acl' in change ? change.acl : expect.anything());
  });

  test('loses one that expires at this moment; its block is no longer there', async () => {
    const now = Date.parse('2026-11-24T02:30:00.000Z');
    jest.useFakeTimers({ now, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'] });
    const question = questionOf(incident() as never, 'block', { cidrs: [cidr], minutes: 60, networkAclId: acl });
    await put({ ...question, ...saidYes(new Date(now)) });
    entries = others();
    await other({ until: new Date(now).toISOString() });

    expect(await run()).toMatchObject({ ruleNumber: 5 });
    expect((await readBlock(old, config))?.acl).toBeUndefined();
  });

  describe('by EC2’s count, which may be lower than ours', () => {
    const limit = 'NetworkAclEntryLimitExceeded';
    const full = () => entries.filter(({ Egress }) => Egress).length >= 3;
    const three = () => Array.from({ length: 3 }, (_, n) => deny(n + 4, true, `203.0.113.${n + 3}/32`));

    test('loses an expired one as well', async () => {
      refuses = ({ Egress }) => (Egress && full() ? limit : undefined);
      entries = three();
      await other();

      expect(await run()).toMatchObject({ verdict: 'ADDED', ruleNumber: 1 });
      expect(entries.some(({ RuleNumber }) => RuleNumber === 5)).toBe(false);
    });

    test('loses of an expired one only the playbook’s own entries under its number, if they are still there', async () => {
      refuses = ({ Egress }) => (Egress && full() ? limit : undefined);
      const theirs = [deny(5, false, '192.0.2.0/24'), deny(9, true, old)];
      entries = [deny(4, true, '203.0.113.3/32'), deny(5, true, old), ...theirs];
      await other();

      expect(await run()).toMatchObject({ verdict: 'ADDED', ruleNumber: 1 });
      expect(entries).toEqual(expect.arrayContaining(theirs));
      expect(deleted).toEqual([{ NetworkAclId: acl, RuleNumber: 5, Egress: true }]);
    });

    test('keeps no deny of one direction alone, not even where EC2 does not show it yet', async () => {
      refuses = ({ Egress }) => (Egress && full() ? limit : undefined);
      entries = three();
      keeps = () => false;

      await expect(run()).rejects.toMatchObject({ name: 'NetworkAclFullError' });
      expect(deleted).toEqual([{ NetworkAclId: acl, RuleNumber: 1, Egress: false }]);
    });

    test('deletes no entry unseen that it did not create', async () => {
      refuses = ({ Egress }) => (Egress ? limit : 'NetworkAclEntryAlreadyExists');

      await expect(run()).rejects.toMatchObject({ name: 'NetworkAclFullError' });
      expect(deleted).toEqual([]);
    });

    test('is the only one that deletes: after any other error what was created stays for a retry', async () => {
      refuses = ({ Egress }) => (Egress ? 'InternalError' : undefined);

      await expect(run()).rejects.toThrow();
      expect(entries).toHaveLength(1);
    });
  });
});

describe('of several ranges', () => {
  const [two, three] = ['198.51.100.8/32', '198.51.100.9/32'];
  const ipv6 = '2001:db8:1::/64';
  const several = { block: { cidr, family: 'IPv4', minutes: 60, more: [two, three].map(addressOf) } };
  function addressOf(range: string) {
    return { cidr: range, family: range.includes(':') ? 'IPv6' : 'IPv4' };
  }
  const runAll = (more = [two, three] as string[]) =>
    handler({ incident: incident({ block: { ...several.block, more: more.map(addressOf) } }) } as never, lambdaContext);
  const hasOf = (range: string) => entries.filter((one) => (one.CidrBlock ?? one.Ipv6CidrBlock) === range).length;
  beforeEach(async () => {
    const cidrs = [cidr, two, three, ipv6];
    await put({
      ...questionOf(incident() as never, 'block', { cidrs, minutes: 60, networkAclId: acl }),
      ...saidYes(),
    });
    for (const range of cidrs.slice(1)) await put(block({ ...addressOf(range), sk: `BLOCK#${range}`, cidr: range }));
  });

  test('each has its own number and its own entry in the timeline', async () => {
    expect(await runAll()).toEqual({ verdict: 'ADDED', networkAclId: acl, ruleNumber: 3 });
    expect([cidr, two, three].map(hasOf)).toEqual([2, 2, 2]);
    expect(await readItemOf(`INCIDENT#${incidentId}`, `ENTRY#acl-entry-added#${two}`)).toMatchObject({
      what: `Denied ${two} in ${acl}, rule 2, both directions.`,
    });
  });

  test('one that EC2 does not show does not hold the others up; a retry of the step looks at it alone', async () => {
    keeps = (egress, range) => range !== two || egress;
    await expect(runAll()).rejects.toMatchObject({
      name: 'NotVerifiedError',
      message: `The network ACL has 1 of 2 entries for ${two}.`,
    });
    expect([cidr, two, three].map(hasOf)).toEqual([2, 1, 2]);

    keeps = () => true;
    entries = entries.filter(({ CidrBlock }) => CidrBlock === two);
    expect(await runAll()).toEqual({ verdict: 'ADDED', networkAclId: acl, ruleNumber: 3 });
    expect([cidr, two, three].map(hasOf)).toEqual([0, 2, 0]);
  });

  test('one that has become ours is left out, and said to be', async () => {
    vpc = two;

    expect(await runAll()).toEqual({
      verdict: 'ADDED',
      networkAclId: acl,
      ruleNumber: 2,
      missing: [{ cidr: two, why: `The range ${two} overlaps ${two}, which is a VPC.` }],
    });
    expect([cidr, two, three].map(hasOf)).toEqual([2, 0, 2]);
  });

  test('as many are denied as there is room for; the next ones of the family are not tried, those of the other are', async () => {
    entries = Array.from({ length: 19 }, (_, n) => deny(n + 20, false, `203.0.113.${n}/32`));
    const why = 'The network ACL is full, and none of the entries in it has expired.';

    expect(await runAll([two, three, ipv6])).toEqual({
      verdict: 'ADDED',
      networkAclId: acl,
      ruleNumber: 2,
      missing: [two, three].map((range) => ({ cidr: range, why })),
    });
    expect([cidr, two, three, ipv6].map(hasOf)).toEqual([2, 0, 0, 2]);
    // Four for each range that is denied, and one for the first of the family that is not.
    expect(looks).toBe(9);
  });

  test('those that the reservation left out are not denied', async () => {
    const reserved = { ...several, reservation: { until: '', cidrs: [cidr, three] } };
    await handler({ incident: incident(reserved) } as never, lambdaContext);

    expect([cidr, two, three].map(hasOf)).toEqual([2, 0, 2]);
  });

  test('that have all become ours none is denied, and the step says so', async () => {
    vpc = '198.51.100.0/24';

    await expect(runAll()).rejects.toMatchObject({
      name: 'RangeRefusedError',
      message: `The range ${cidr} overlaps 198.51.100.0/24, which is a VPC.`,
    });
    expect(created).toEqual([]);
  });

  test('where there is room for none, the step says why', async () => {
    entries = Array.from({ length: 20 }, (_, n) => deny(n + 20, false, `203.0.113.${n}/32`));

    await expect(runAll()).rejects.toMatchObject({
      name: 'NetworkAclFullError',
      message: 'The network ACL is full, and none of the entries in it has expired.',
    });
  });

  test('an error that is not about one of them stops the step', async () => {
    refuses = () => 'UnauthorizedOperation';

    await expect(runAll()).rejects.toMatchObject({ name: 'NotAuthorizedError' });
  });
});

test('a stage without a network ACL is told so, and nothing is asked of EC2', async () => {
  process.env.BLOCK_NETWORK_ACL_ID = '';

  expect(await run()).toEqual({ verdict: 'NOT_SET_UP' });
  expect(created).toEqual([]);
});
