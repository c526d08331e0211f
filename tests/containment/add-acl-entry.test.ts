import type { NetworkAclEntry } from '@aws-sdk/client-ec2';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { handler } from '../../functions/containment/add-acl-entry';
import { table } from '../../functions/shared/clients/dynamodb';
import { ec2 } from '../../functions/shared/clients/ec2';
import { openRecordOf, questionOf, saidYes } from '../fixtures/approved';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const acl = 'acl-0123456789abcdef0';
const cidr = '198.51.100.7/32';
let count = 0;
let incidentId: string;
let entries: NetworkAclEntry[];
/** Whether EC2 keeps what it is told, by direction. */
let keeps: (egress: boolean) => boolean;
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
        return { NetworkAcls: [{ Entries: [...entries] }] } as never;
      case 'CreateNetworkAclEntryCommand': {
        const input = command.input as (typeof created)[number];
        created.push(input);
        if (keeps(input.Egress)) entries.push(input as NetworkAclEntry);
        return {} as never;
      }
      case 'DeleteNetworkAclEntryCommand': {
        const { RuleNumber, Egress } = command.input as { RuleNumber: number; Egress: boolean };
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
  keeps = () => true;
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

    await expect(run()).rejects.toMatchObject({ name: 'NetworkAclFullError' });
    expect(entries).toEqual(others());
  });
});

test('a stage without a network ACL is told so, and nothing is asked of EC2', async () => {
  process.env.BLOCK_NETWORK_ACL_ID = '';

  expect(await run()).toEqual({ verdict: 'NOT_SET_UP' });
  expect(created).toEqual([]);
});
