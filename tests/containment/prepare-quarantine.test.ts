import type { SecurityGroup } from '@aws-sdk/client-ec2';
import { handler } from '../../functions/containment/prepare-quarantine';
import { ec2 } from '../../functions/shared/clients/ec2';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';

jest.mock('../../functions/containment/may-isolate', () => ({ assertMayIsolate: async () => {} }));
jest.mock('../../functions/containment/save-before', () => ({ saveBefore: async () => {} }));
jest.mock('../../functions/containment/describe', () => ({
  describeInterfaces: async () => [
    { networkInterfaceId: 'eni-1', vpcId: 'vpc-1' },
    { networkInterfaceId: 'eni-2', vpcId: 'vpc-2' },
  ],
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
