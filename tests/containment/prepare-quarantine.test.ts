import type { SecurityGroup } from '@aws-sdk/client-ec2';
import { handler } from '../../functions/containment/prepare-quarantine';
import { ec2 } from '../../functions/shared/clients/ec2';
import { type Answers, answering, awsError } from '../fixtures/answering';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';

jest.mock('../../functions/containment/may-isolate', () => ({ assertMayIsolate: async () => {} }));
jest.mock('../../functions/containment/save-before', () => ({ saveBefore: async () => {} }));
jest.mock('../../functions/containment/describe', () => ({
  describeInterfaces: async () => [
    { networkInterfaceId: 'eni-1', vpcId: 'vpc-1' },
    { networkInterfaceId: 'eni-2', vpcId: 'vpc-2' },
  ],
}));

// What EC2 shows late is read again at once, and not seconds later.
jest.mock('../../functions/shared/clock', () => ({
  ...jest.requireActual('../../functions/shared/clock'),
  pause: async () => {},
}));

const incidentId = `inc-${'1'.repeat(20)}`;
const incident = {
  schemaVersion: 1,
  incidentId,
  executionId: 'execution',
  playbook: 'isolate-instance',
  trigger: 'manual',
  drill: false,
  mode: 'act',
  openedAt: '2026-11-24T02:00:00.000Z',
  instanceId: 'i-0aaaaaaaaaaaaaaaa',
  lease: { token: 1 },
};
const all = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] }];

interface Input {
  GroupName?: string;
  VpcId?: string;
  GroupIds?: string[];
  TagSpecifications?: { Tags: { Value: string }[] }[];
}
let asked: string[];
let release: (() => void)[];
let refuse: string | undefined;

beforeEach(() => {
  setEnvironment();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  [asked, release, refuse] = [[], [], undefined];
  jest
    .spyOn(ec2, 'send')
    .mockImplementation((async (command: { constructor: { name: string }; input: Input }) =>
      answer(command.constructor.name, command.input)) as never);
});

/** Groups are there as soon as they are created, and each creation waits until the test lets it go on. */
async function answer(name: string, { VpcId, GroupIds, TagSpecifications }: Input): Promise<object> {
  if (name === 'CreateSecurityGroupCommand') {
    const GroupId = `${TagSpecifications![0]!.Tags[0]!.Value} of ${VpcId}`;
    asked.push(GroupId);
    await new Promise<void>((resolve) => release.push(resolve));
    if (refuse === GroupId) throw Object.assign(new Error('no'), { name: 'UnauthorizedOperation', $metadata: {} });
    return { GroupId };
  }
  const [GroupId] = GroupIds ?? [];
  const rules = GroupId?.startsWith('open') ? all : [];
  const found: SecurityGroup = { GroupId: GroupId!, IpPermissions: rules, IpPermissionsEgress: rules };
  return { SecurityGroups: GroupId ? [found] : [] };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const prepare = () => handler({ incident }, lambdaContext);

test('the groups of all VPCs are made side by side, and each is named by its own', async () => {
  const result = prepare();
  await settle();

  expect([...asked].sort()).toEqual(['closed of vpc-1', 'closed of vpc-2', 'open of vpc-1', 'open of vpc-2']);
  // The last that was asked for is answered first.
  for (const go of release.reverse()) go();
  expect(await result).toMatchObject({
    pairs: [
      { vpcId: 'vpc-1', openGroupId: 'open of vpc-1', closedGroupId: 'closed of vpc-1' },
      { vpcId: 'vpc-2', openGroupId: 'open of vpc-2', closedGroupId: 'closed of vpc-2' },
    ],
  });
});

test('when one is refused, the step fails only once nothing of it goes on any more', async () => {
  refuse = 'closed of vpc-1';
  let isOver = false;
  const result = prepare().finally(() => {
    isOver = true;
  });
  result.catch(() => {});
  await settle();
  release[asked.indexOf(refuse)]!();
  await settle();
  expect(isOver).toBe(false);

  for (const go of release) go();
  await expect(result).rejects.toMatchObject({ name: 'NotAuthorizedError' });
});

describe('a group that an earlier attempt has made', () => {
  const anywhere = (family: 'IPv4' | 'IPv6') =>
    family === 'IPv4'
      ? { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }
      : { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] };
  /** The rules of each group by its ID, as EC2 shows them; and how many searches by name do not show the groups yet. */
  let rules: Record<string, { IpPermissions: object[]; IpPermissionsEgress: object[] }>;
  let hidden: number;
  let answers: Answers;
  let calls: [string, unknown][];
  const idOf = (name: string, vpcId: string) => `${name.endsWith('open') ? 'open' : 'closed'} of ${vpcId}`;
  const right = () =>
    Object.fromEntries(
      ['vpc-1', 'vpc-2'].flatMap((vpcId) => [
        [`open of ${vpcId}`, { IpPermissions: [...all], IpPermissionsEgress: [...all] }],
        [`closed of ${vpcId}`, { IpPermissions: [], IpPermissionsEgress: [] }],
      ]),
    );
  beforeEach(() => {
    rules = right();
    hidden = 0;
    answers = {
      DescribeSecurityGroups: ({ GroupIds, Filters }: { GroupIds?: string[]; Filters?: { Values: string[] }[] }) => {
        if (!GroupIds && hidden-- > 0) return { SecurityGroups: [] };
        const GroupId = GroupIds?.[0] ?? idOf(Filters![1]!.Values[0]!, Filters![0]!.Values[0]!);
        return { SecurityGroups: [{ GroupId, ...rules[GroupId] }] };
      },
    };
    calls = answering(ec2, () => answers);
  });
  const changes = () => calls.filter(([name]) => !name.startsWith('Describe'));

  test('is used as it is where its rules are right', async () => {
    expect(await prepare()).toMatchObject({ pairs: [{ openGroupId: 'open of vpc-1' }, { vpcId: 'vpc-2' }] });
    expect(changes()).toEqual([]);
    expect(calls[0]?.[1]).toEqual({
      Filters: [
        { Name: 'vpc-id', Values: ['vpc-1'] },
        { Name: 'group-name', Values: [`quarantine-${incidentId}-open`] },
      ],
    });
  });

  test('is found a moment later where EC2 says that it exists and does not list it yet', async () => {
    hidden = 5;
    answers.CreateSecurityGroup = () => {
      throw awsError('InvalidGroup.Duplicate');
    };
    expect(await prepare()).toMatchObject({ pairs: [{ closedGroupId: 'closed of vpc-1' }, { vpcId: 'vpc-2' }] });

    hidden = 100;
    await expect(prepare()).rejects.toMatchObject({
      name: 'NotVerifiedError',
      message: expect.stringMatching(/^The security group quarantine-inc-1+-\w+ exists, but is not visible yet\.$/),
    });
  });

  test('gets the rules that it lacks, those of the other family left alone', async () => {
    rules['open of vpc-1'] = { IpPermissions: [anywhere('IPv4')], IpPermissionsEgress: [anywhere('IPv6')] };
    answers.AuthorizeSecurityGroupIngress = () => {
      rules['open of vpc-1']!.IpPermissions = [...all];
      throw awsError('InvalidPermission.Duplicate');
    };
    answers.AuthorizeSecurityGroupEgress = () => {
      rules['open of vpc-1']!.IpPermissionsEgress = [...all];
      throw awsError('InvalidPermission.Duplicate');
    };
    await prepare();

    expect(changes()).toEqual([
      ['AuthorizeSecurityGroupIngress', { GroupId: 'open of vpc-1', IpPermissions: [anywhere('IPv6')] }],
      ['AuthorizeSecurityGroupEgress', { GroupId: 'open of vpc-1', IpPermissions: [anywhere('IPv4')] }],
    ]);
  });

  test('loses the rules of the one that cuts off, also where they are gone by then', async () => {
    rules['closed of vpc-2'] = { IpPermissions: [], IpPermissionsEgress: [anywhere('IPv4'), anywhere('IPv6')] };
    answers.RevokeSecurityGroupEgress = () => {
      rules = right();
      throw awsError('InvalidPermission.NotFound');
    };
    await prepare();

    expect(changes()).toEqual([
      [
        'RevokeSecurityGroupEgress',
        { GroupId: 'closed of vpc-2', IpPermissions: [anywhere('IPv4'), anywhere('IPv6')] },
      ],
    ]);
  });

  test.each([
    ['open of vpc-1', 'open', { IpPermissions: [], IpPermissionsEgress: all }],
    ['closed of vpc-1', 'closed', { IpPermissions: [], IpPermissionsEgress: all }],
    ['closed of vpc-1', 'closed', { IpPermissions: all, IpPermissionsEgress: [] }],
  ])('%s that keeps other rules than it should is no quarantine', async (id, side, wrong) => {
    rules[id] = wrong;
    for (const name of ['AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupEgress']) answers[name] = () => ({});

    await expect(prepare()).rejects.toMatchObject({
      name: 'NotVerifiedError',
      message: `The security group quarantine-${incidentId}-${side} does not have the expected rules.`,
    });
  });

  test('that shows its new rules a moment later is right', async () => {
    rules['open of vpc-1'] = { IpPermissions: [], IpPermissionsEgress: all };
    let reads = 0;
    const described = answers.DescribeSecurityGroups as (input: object) => unknown;
    answers.DescribeSecurityGroups = (input: { GroupIds?: string[] }) => {
      if (input.GroupIds?.[0] === 'open of vpc-1' && ++reads === 3) rules = right();
      return described(input);
    };
    answers.AuthorizeSecurityGroupIngress = () => ({});

    expect(await prepare()).toMatchObject({ pairs: [{ openGroupId: 'open of vpc-1' }, { vpcId: 'vpc-2' }] });
  });

  test.each(['AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress', 'RevokeSecurityGroupEgress'])(
    'any other error of %s stops the step',
    async (name) => {
      rules['open of vpc-1'] = { IpPermissions: name.endsWith('Ingress') ? [] : all, IpPermissionsEgress: all };
      if (name === 'AuthorizeSecurityGroupEgress') rules['open of vpc-1'].IpPermissionsEgress = [];
      if (name === 'RevokeSecurityGroupEgress') rules['closed of vpc-1']!.IpPermissionsEgress = all;
      answers[name] = () => {
        throw awsError('InternalError');
      };

      await expect(prepare()).rejects.toMatchObject({ message: expect.stringContaining('InternalError') });
    },
  );
});
