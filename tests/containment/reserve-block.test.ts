import { readBlock } from '../../functions/containment/block-store';
import { handler } from '../../functions/containment/reserve-block';
import { ec2 } from '../../functions/shared/clients/ec2';
import { type Answers, answering } from '../fixtures/answering';
import { openRecordOf, questionOf, saidYes } from '../fixtures/approved';
import { config } from '../fixtures/config';
import { openBlock, putItem, readItemOf } from '../fixtures/containing';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const settings = { BLOCK_NETWORK_ACL_ID: '', BLOCK_MINUTES: '60', WIDEST_IPV4_PREFIX: '24', WIDEST_IPV6_PREFIX: '48' };
const minutes = 60;
let stop: () => Promise<void>;
let count = 0;
let answers: Answers;
let asked: [string, unknown][];

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  setEnvironment(settings);
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  answers = Object.fromEntries(
    ['Vpcs', 'VpcPeeringConnections', 'Addresses', 'NatGateways', 'NetworkInterfaces', 'VpnConnections']
      .concat(['CustomerGateways', 'ManagedPrefixLists'])
      .map((name) => [`Describe${name}`, () => ({})]),
  );
  asked = answering(ec2, () => answers);
});

/** A request to block so many addresses, which a person has approved. */
async function approved(addresses = 1, awsRanges?: { cidr: string; what: string }[]) {
  const cidrs = Array.from({ length: addresses }, () => `198.51.100.${count++}/32`);
  const incident = await openBlock(`inc-${String(count).padStart(20, 'c')}`, cidrs, minutes, {});
  const target = { cidrs, minutes, ...(awsRanges ? { awsRanges } : {}) };
  await putItem(questionOf(incident, 'block', target, saidYes()));
  return { incident, cidrs };
}
const reserve = (incident: object) => handler({ incident } as never, lambdaContext);
const entry = async ({ incidentId }: { incidentId: string }, key: string) =>
  readItemOf(`INCIDENT#${incidentId}`, `ENTRY#${key}`);
const ours = (CidrBlock: string) => ({ DescribeVpcs: () => ({ Vpcs: [{ CidrBlock }] }) });

test('an approved range is reserved for its minutes, before anything is changed; a retry keeps its time', async () => {
  const { incident, cidrs } = await approved();
  const since = Date.now();
  const found = (await reserve(incident)) as { until: string };
  const block = (await readBlock(cidrs[0]!, config))!;

  expect(found).toEqual({ verdict: 'RESERVED', until: block.until, cidrs });
  expect(block).toMatchObject({ incidentId: incident.incidentId, family: 'IPv4', status: 'ADDING' });
  expect(Date.parse(block.until) - Date.parse(block.since)).toBe(minutes * 60_000);
  expect(Date.parse(block.since)).toBeGreaterThanOrEqual(since);
  expect(await entry(incident, 'block-reserved')).toMatchObject({
    what: `Blocking ${cidrs[0]} until ${block.until}.`,
    revert: 'removed on a schedule',
  });
  expect(await reserve(incident)).toEqual(found);
});

test('a range that another incident has blocked meanwhile is left to it', async () => {
  const { incident, cidrs } = await approved();
  const until = '9999-11-24T03:00:00.000Z';
  const other = { cidr: cidrs[0], family: 'IPv4', incidentId: 'inc-other', since: until, until, status: 'ACTIVE' };
  await putItem({ pk: 'BLOCKS', sk: `BLOCK#${cidrs[0]}`, ...other });

  expect(await reserve(incident)).toEqual({
    verdict: 'TAKEN',
    conclusion: {
      outcome: 'SKIPPED',
      code: 'already-blocked',
      reason: `Incident inc-other has already blocked ${cidrs[0]} until ${until}.`,
    },
  });
  for (const key of ['block-reserved', 'block-taken']) expect(await entry(incident, key)).toBeUndefined();
});

test('of several ranges, one that another incident has blocked is named in the timeline', async () => {
  const { incident, cidrs } = await approved(2);
  const until = '9999-11-24T03:00:00.000Z';
  const other = { cidr: cidrs[1], family: 'IPv4', incidentId: 'inc-other', since: until, until, status: 'ACTIVE' };
  await putItem({ pk: 'BLOCKS', sk: `BLOCK#${cidrs[1]}`, ...other });

  expect(await reserve(incident)).toMatchObject({ verdict: 'RESERVED', cidrs: [cidrs[0]] });
  const taken = await entry(incident, `block-taken#${cidrs[1]}`);
  expect(taken).toMatchObject({ what: `Incident inc-other has already blocked ${cidrs[1]} until ${until}.` });
  expect(taken).not.toHaveProperty('revert');
});

test('of several ranges, one that has become ours is left out, and the timeline says why; the others go on', async () => {
  const { incident, cidrs } = await approved(3);
  answers = { ...answers, ...ours(cidrs[1]!) };

  expect(await reserve(incident)).toMatchObject({ verdict: 'RESERVED', cidrs: [cidrs[0], cidrs[2]] });
  expect(await entry(incident, `block-refused#${cidrs[1]}`)).toMatchObject({
    what: `The range ${cidrs[1]} overlaps ${cidrs[1]}, which is a VPC.`,
  });
  expect(await readBlock(cidrs[1]!, config)).toBeUndefined();
  expect(await entry(incident, `block-reserved#${cidrs[2]}`)).toBeDefined();
  // Read once for all of them.
  expect(asked.filter(([name]) => name === 'DescribeVpcs')).toHaveLength(1);
});

test('where none may be blocked any more, nothing is', async () => {
  const { incident } = await approved(2);
  answers = { ...answers, ...ours('198.51.100.0/24') };

  expect(await reserve(incident)).toEqual({
    verdict: 'TAKEN',
    conclusion: {
      outcome: 'SKIPPED',
      code: 'own-range',
      reason: 'No address of the request may be blocked any more; the timeline says why.',
    },
  });
});

test('a single range that has become ours stops the step', async () => {
  const { incident, cidrs } = await approved();
  answers = { ...answers, ...ours(cidrs[0]!) };

  await expect(reserve(incident)).rejects.toMatchObject({ name: 'RangeRefusedError' });
  expect(await readBlock(cidrs[0]!, config)).toBeUndefined();
});

test('nothing is reserved without an approval, in observe mode, or for an incident that is closed', async () => {
  const { incident, cidrs } = await approved();

  await expect(reserve({ ...incident, block: { ...incident.block, minutes: 61 } })).rejects.toMatchObject({
    name: 'NotApprovedError',
  });
  await expect(reserve({ ...incident, mode: 'observe' })).rejects.toMatchObject({ name: 'ModeIsObserveError' });
  await putItem(openRecordOf(incident, { status: 'CLOSED' }));
  await expect(reserve(incident)).rejects.toMatchObject({ name: 'OutOfTurnError' });
  expect(await readBlock(cidrs[0]!, config)).toBeUndefined();
});

const ofAws = (cidr: string) => ({
  DescribeManagedPrefixLists: () => ({ PrefixLists: [{ PrefixListId: 'pl-1', OwnerId: 'AWS' }] }),
  GetManagedPrefixListEntries: () => ({ Entries: [{ Cidr: cidr }] }),
});

test('an approval for a range of an AWS service is one for that range alone', async () => {
  const { incident, cidrs } = await approved(2);
  const [plain, aws] = cidrs as [string, string];
  const awsRanges = [{ cidr: aws, what: 'an AWS service' }];
  const target = { cidrs, minutes, awsRanges };
  const caller = (name: string) => ({ accountId: '123456789012', principalId: `AIDA${name}`, arn: `arn:${name}` });
  const twice = ['ALICE', 'BOB'].map((name) => ({ answer: 'yes', at: new Date().toISOString(), caller: caller(name) }));
  await putItem(questionOf(incident, 'block', target, { ...saidYes(), needed: 2, answers: twice }));
  answers = { ...answers, ...ofAws(aws) };

  expect(await reserve(incident)).toMatchObject({ verdict: 'RESERVED', cidrs: [plain, aws] });
});

test('a range of an AWS service needs an approval that says so', async () => {
  const { incident, cidrs } = await approved();
  answers = { ...answers, ...ofAws(cidrs[0]!) };

  await expect(reserve(incident)).rejects.toMatchObject({ name: 'NotApprovedError' });
  expect(await readBlock(cidrs[0]!, config)).toBeUndefined();
});
