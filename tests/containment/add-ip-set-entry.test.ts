import { handler } from '../../functions/containment/add-ip-set-entry';
import { readBlock } from '../../functions/containment/block-store';
import { ec2 } from '../../functions/shared/clients/ec2';
import { waf } from '../../functions/shared/clients/waf';
import { type Answers, answering, awsError } from '../fixtures/answering';
import { questionOf, saidYes } from '../fixtures/approved';
import { config } from '../fixtures/config';
import { openBlock, putItem, readItemOf } from '../fixtures/containing';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const minutes = 60;
const ipv6 = '2001:db8:1::/64';
let stop: () => Promise<void>;
let count = 0;
let ours: string[];
/** The addresses of each IP set by its ID, and the lock token that its next change needs. */
let sets: Record<string, { addresses: string[]; token: number }>;
/** Others who change a set just before our change, as often as this. */
let races: number;
let asked: [string, Record<string, unknown>][];
let answers: Answers;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  setEnvironment({
    ...{ BLOCK_NETWORK_ACL_ID: '', BLOCK_MINUTES: '60', WIDEST_IPV4_PREFIX: '24', WIDEST_IPV6_PREFIX: '48' },
    ...{ IP_SET_NAME_IPV4: 'test-v4', IP_SET_ID_IPV4: 'v4', IP_SET_NAME_IPV6: 'test-v6', IP_SET_ID_IPV6: 'v6' },
  });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  ours = [];
  const reads = ['VpcPeeringConnections', 'Addresses', 'NatGateways', 'NetworkInterfaces', 'VpnConnections']
    .concat(['CustomerGateways', 'ManagedPrefixLists'])
    .map((name) => [`Describe${name}`, () => ({})]);
  const DescribeVpcs = () => ({ Vpcs: ours.map((CidrBlock) => ({ CidrBlock })) });
  answering(ec2, () => ({ ...Object.fromEntries(reads), DescribeVpcs }));
  sets = { v4: { addresses: ['203.0.113.9/32'], token: 1 }, v6: { addresses: [], token: 1 } };
  races = 0;
  answers = {
    GetIPSet: ({ Id }: { Id: string }) => ({
      IPSet: { Addresses: sets[Id]!.addresses },
      LockToken: `token-${sets[Id]!.token}`,
    }),
    UpdateIPSet: ({ Id, Addresses, LockToken }: { Id: string; Addresses: string[]; LockToken: string }) => {
      const set = sets[Id]!;
      if (races > 0) {
        races -= 1;
        set.token += 1;
        set.addresses = [...set.addresses, `203.0.113.${100 + races}/32`];
      }
      if (LockToken !== `token-${set.token}`) throw awsError('WAFOptimisticLockException');
      sets[Id] = { addresses: Addresses, token: set.token + 1 };
      return {};
    },
  };
  asked = answering(waf, () => answers) as typeof asked;
});

/** A request to block these, which a person has approved and this incident has reserved. */
async function approved(cidrs: readonly string[]) {
  const incident = await openBlock(`inc-${String(count++).padStart(20, 'f')}`, cidrs, minutes, {});
  const [first, ...more] = cidrs.map((cidr) => ({ cidr, family: cidr.includes(':') ? 'IPv6' : 'IPv4' }));
  const block = { ...first!, minutes, ...(more.length > 0 ? { more } : {}) };
  await putItem(questionOf(incident, 'block', { cidrs: [...cidrs], minutes }, saidYes()));
  for (const cidr of cidrs) {
    const { incidentId, openedAt: since } = incident;
    const reserved = { incidentId, since, until: '9999-01-01T00:00:00.000Z', status: 'ADDING' };
    await putItem({ pk: 'BLOCKS', sk: `BLOCK#${cidr}`, cidr, family: 'IPv4', ...reserved });
  }
  return { ...incident, block };
}
const add = (incident: object) => handler({ incident } as never, lambdaContext);
const changes = () => asked.filter(([name]) => name === 'UpdateIPSet').map(([, input]) => input);
const range = () => `198.51.100.${count}/32`;

test('a range is added to what the IP set of its family has; block and timeline say so', async () => {
  const cidr = range();
  const incident = await approved([cidr]);

  expect(await add(incident)).toEqual({ verdict: 'ADDED', ipSet: 'test-v4' });
  expect(sets.v4?.addresses).toEqual(['203.0.113.9/32', cidr]);
  expect(changes()).toEqual([
    {
      ...{ Name: 'test-v4', Id: 'v4', Scope: 'REGIONAL', LockToken: 'token-1' },
      Addresses: ['203.0.113.9/32', cidr],
    },
  ]);
  expect((await readBlock(cidr, config))?.ipSet).toEqual({ id: 'v4' });
  expect(await readItemOf(`INCIDENT#${incident.incidentId}`, 'ENTRY#ip-set-entry-added')).toMatchObject({
    what: `Added ${cidr} to the IP set test-v4; AWS WAF applies it everywhere within minutes.`,
    revert: 'remove it',
  });
});

test('several are added in one change for each family', async () => {
  const cidrs = [range(), '203.0.113.77/32', ipv6];
  const incident = await approved(cidrs);

  expect(await add(incident)).toEqual({ verdict: 'ADDED', ipSet: 'test-v4, test-v6' });
  expect(changes().map(({ Id, Addresses }) => [Id, Addresses])).toEqual([
    ['v4', ['203.0.113.9/32', ...cidrs.slice(0, 2)]],
    ['v6', [ipv6]],
  ]);
  for (const cidr of cidrs.slice(1))
    expect(await readItemOf(`INCIDENT#${incident.incidentId}`, `ENTRY#ip-set-entry-added#${cidr}`)).toBeDefined();
});

test('a range that is there, in any notation of WAF, is left; only what is missing is added', async () => {
  const cidr = range();
  sets.v6!.addresses = ['2001:0db8:0001:0000:0000:0000:0000:0000/64'];
  sets.v4!.addresses = [cidr];

  expect(await add(await approved([ipv6]))).toMatchObject({ verdict: 'ADDED' });
  expect(changes()).toEqual([]);
  await add(await approved([cidr, '203.0.113.78/32']));
  expect(sets.v4?.addresses).toEqual([cidr, '203.0.113.78/32']);
});

test('a change of somebody else in between is kept: the set is read again', async () => {
  races = 2;
  const cidr = range();
  await add(await approved([cidr]));

  expect(sets.v4?.addresses).toEqual(['203.0.113.9/32', '203.0.113.101/32', '203.0.113.100/32', cidr]);
});

test('five lost races in a row are left to a later retry of the step', async () => {
  races = 5;
  const incident = await approved([range()]);

  await expect(add(incident)).rejects.toMatchObject({
    name: 'ThrottledError',
    message: 'Lost the race for the IP set test-v4 5 times.',
  });
  expect(changes()).toHaveLength(5);
  races = 4;
  expect(await add(incident)).toMatchObject({ verdict: 'ADDED' });
});

test('any other error of WAF is an error, and nothing is in the timeline', async () => {
  answers.UpdateIPSet = () => {
    throw awsError('WAFLimitsExceededException');
  };
  const incident = await approved([range()]);

  await expect(add(incident)).rejects.toMatchObject({ name: 'AwsCallError' });
  expect(changes()).toHaveLength(1);
  expect(await readItemOf(`INCIDENT#${incident.incidentId}`, 'ENTRY#ip-set-entry-added')).toBeUndefined();
});

test.each([
  ['the set', () => ({})],
  ['an empty set', () => ({ IPSet: {} })],
])('%s that does not show the range blocks nothing, and nobody says that it does', async (_what, shown) => {
  answers.GetIPSet = shown;
  answers.UpdateIPSet = () => ({});
  const cidr = range();
  const incident = await approved([cidr]);

  await expect(add(incident)).rejects.toMatchObject({
    name: 'NotVerifiedError',
    message: `The IP set test-v4 does not contain ${cidr}.`,
  });
  expect(await readItemOf(`INCIDENT#${incident.incidentId}`, 'ENTRY#ip-set-entry-added')).toBeUndefined();
});

test('of several ranges, one that has become ours is left out; the others are added', async () => {
  const cidrs = [range(), '203.0.113.80/32'];
  const incident = await approved(cidrs);
  ours = [cidrs[0]!];

  expect(await add(incident)).toEqual({
    verdict: 'ADDED',
    ipSet: 'test-v4',
    missing: [{ cidr: cidrs[0], why: `The range ${cidrs[0]} overlaps ${cidrs[0]}, which is a VPC.` }],
  });
  expect(sets.v4?.addresses).toEqual(['203.0.113.9/32', cidrs[1]]);
});

test('ranges that have all become ours are refused, and nothing is changed', async () => {
  const cidrs = [range(), '203.0.113.81/32'];
  const incident = await approved(cidrs);
  ours = cidrs;

  await expect(add(incident)).rejects.toMatchObject({
    name: 'RangeRefusedError',
    message: `The range ${cidrs[0]} overlaps ${cidrs[0]}, which is a VPC.`,
  });
  const single = await approved([range()]);
  ours = [single.block.cidr];
  await expect(add(single)).rejects.toMatchObject({ name: 'RangeRefusedError' });
  expect(changes()).toEqual([]);
});

test('an error that concerns all ranges stops the step', async () => {
  const incident = await approved([range(), '203.0.113.82/32']);

  await expect(add({ ...incident, mode: 'observe' })).rejects.toMatchObject({ name: 'ModeIsObserveError' });
  await expect(add({ ...incident, executionId: 'another' })).rejects.toMatchObject({ name: 'OutOfTurnError' });
  expect(changes()).toEqual([]);
});

test('a block that another incident holds by now is not touched', async () => {
  const cidr = range();
  const incident = await approved([cidr]);
  await putItem({ ...(await readItemOf('BLOCKS', `BLOCK#${cidr}`)), incidentId: 'inc-other' });

  await expect(add(incident)).rejects.toThrow();
  expect(changes()).toEqual([]);
});
