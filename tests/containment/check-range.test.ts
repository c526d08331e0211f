import type { ManagedPrefixList } from '@aws-sdk/client-ec2';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { openRecordOf } from '../fixtures/approved';
import { putItem, readItemOf } from '../fixtures/containing';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

let stop: () => Promise<void>;
/** Addresses that the account's network interfaces have. */
let own: string[];
/** Managed prefix lists, and what each of them has. */
let lists: ManagedPrefixList[] = [];
let entries: { Cidr: string }[] = [];

beforeAll(async () => {
  ({ stop } = await startTable('incidents'));
  const { ec2 } = await import('../../functions/shared/clients/ec2');
  const perPage = 1000;
  jest.spyOn(ec2, 'send').mockImplementation(async (command) => {
    const name = command.constructor.name;
    if (name === 'DescribeManagedPrefixListsCommand') return { PrefixLists: lists } as never;
    if (name === 'GetManagedPrefixListEntriesCommand') return { Entries: entries } as never;
    if (name !== 'DescribeNetworkInterfacesCommand') return {} as never;
    const from = Number((command.input as { NextToken?: string }).NextToken ?? 0);
    const page = own.slice(from, from + perPage).map((PublicIp) => ({ Association: { PublicIp } }));
    return {
      NetworkInterfaces: page,
      ...(from + perPage < own.length ? { NextToken: String(from + perPage) } : {}),
    } as never;
  });
});
afterAll(async () => {
  const { dynamoDb } = await import('../../functions/shared/clients/dynamodb');
  dynamoDb.destroy();
  await stop();
});
beforeEach(() => {
  setEnvironment();
  lists = [];
  Object.assign(process.env, {
    BLOCK_NETWORK_ACL_ID: '',
    BLOCK_MINUTES: '60',
    WIDEST_IPV4_PREFIX: '16',
    WIDEST_IPV6_PREFIX: '48',
  });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  own = Array.from({ length: 12_000 }, (_, i) => `54.1.${Math.floor(i / 250)}.${i % 250}`);
});

let count = 0;
let incidentId: string;

async function check(cidr: string, ...more: string[]): Promise<Record<string, unknown>> {
  const { handler } = await import('../../functions/containment/check-range');
  incidentId = `inc-${String(count++).padStart(20, 'b')}`;
  const incident = {
    schemaVersion: 1,
    incidentId,
    executionId: 'execution',
    playbook: 'block-traffic',
    trigger: 'manual',
    drill: false,
    mode: 'act' as const,
    openedAt: '2026-11-24T02:00:00Z',
    block: {
      ...{ cidr, family: 'IPv4', minutes: 60 },
      ...(more.length > 0 ? { more: more.map((one) => ({ cidr: one, family: 'IPv4' })) } : {}),
    },
  };
  const { table } = await import('../../functions/shared/clients/dynamodb');
  await table.send(new PutCommand({ TableName: 'incidents', Item: openRecordOf(incident) }));
  return (await handler({ incident } as never, lambdaContext)) as Record<string, unknown>;
}

test('an address of ours is found on whatever page it stands', async () => {
  expect(await check('54.1.47.249/32')).toMatchObject({ verdict: 'REFUSED', conclusion: { code: 'own-range' } });
});

test('what it answers does not grow with the account: an execution’s state has a size limit', async () => {
  const answer = await check('198.51.100.7/32');

  expect(answer).toMatchObject({ verdict: 'ELIGIBLE' });
  expect(JSON.stringify(answer).length).toBeLessThan(1000);
});

describe('of what is not ours', () => {
  const acl = 'acl-0123456789abcdef0';
  const [one, two, aws] = ['198.51.100.7/32', '198.51.100.8/32', '203.0.113.0/24'];
  const entry = (key: string) => readItemOf(`INCIDENT#${incidentId}`, `ENTRY#${key}`);
  beforeEach(() => {
    own = ['54.1.0.0'];
    setEnvironment({ BLOCK_NETWORK_ACL_ID: acl });
  });
  const blocked = (cidr: string, by: string) =>
    putItem({
      ...{ pk: 'BLOCKS', sk: `BLOCK#${cidr}`, cidr, family: 'IPv4', incidentId: by, status: 'ACTIVE' },
      ...{ since: '2026-11-24T01:00:00.000Z', until: '9999-11-24T03:00:00.000Z' },
    });

  test('a range may be blocked; the plan names where, and is in the timeline', async () => {
    const what = `Block ${one} for 60 minutes in the network ACL ${acl} (both directions) and the stage's WAF IP set.`;

    expect(await check(one)).toEqual({ verdict: 'ELIGIBLE', what, networkAclId: acl });
    expect(await entry('plan')).toMatchObject({ what });
  });

  test('a range that another incident has blocked is left to it; one of this incident’s own goes on', async () => {
    await blocked(two, 'inc-other');
    expect(await check(two)).toEqual({
      verdict: 'REFUSED',
      conclusion: {
        outcome: 'SKIPPED',
        code: 'already-blocked',
        reason: `Incident inc-other has already blocked ${two} until 9999-11-24T03:00:00.000Z.`,
      },
    });
    expect(await entry('plan')).toBeUndefined();

    await blocked(two, `inc-${String(count).padStart(20, 'b')}`);
    expect(await check(two)).toMatchObject({ verdict: 'ELIGIBLE' });
  });

  test('several ranges go on without those that may not be blocked; the timeline says why', async () => {
    const found = await check('54.1.0.0/32', one, aws);

    expect(found).toMatchObject({
      verdict: 'ELIGIBLE',
      addresses: [one, aws].map((cidr) => ({ cidr, family: 'IPv4' })),
      what: expect.stringContaining(`Block ${one}, ${aws} for`),
    });
    expect(await entry('refused#54.1.0.0/32')).toMatchObject({
      what: 'The range 54.1.0.0/32 overlaps 54.1.0.0, which is an address of this account.',
    });
    expect(await entry(`refused#${one}`)).toBeUndefined();
  });

  test('of several ranges that may all not be blocked the first reason counts', async () => {
    expect(await check('54.1.0.0/32', '10.0.0.0/24')).toMatchObject({
      verdict: 'REFUSED',
      conclusion: { outcome: 'SKIPPED', code: 'own-range' },
    });
    expect(await check('54.1.0.0/32')).toMatchObject({ verdict: 'REFUSED' });
    // Of a single one the incident's end says it.
    expect(await entry('refused#54.1.0.0/32')).toBeUndefined();
  });

  test('a range of an AWS service takes the yes of two people, and the plan says what it overlaps', async () => {
    lists = [{ PrefixListId: 'pl-1', PrefixListName: 'com.amazonaws.s3', OwnerId: 'AWS' }];
    entries = [{ Cidr: aws }];

    expect(await check('203.0.113.5/32')).toMatchObject({
      verdict: 'ELIGIBLE',
      awsRanges: [{ cidr: '203.0.113.5/32', what: 'an AWS service (com.amazonaws.s3)' }],
      what: expect.stringContaining('203.0.113.5/32 overlaps an AWS service (com.amazonaws.s3)'),
    });
  });
});
