import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import { leasedIncidentSchema } from '../record/leased-incident';
import { askAgain, unlessAlready } from '../shared/ask-again';
import { atOnce } from '../shared/at-once';
import { ec2 } from '../shared/clients/ec2';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { describeInterfaces } from './describe';
import { type GroupPair, isClosed, isOpen, missingForOpen, NotVerifiedError } from './group-rules';
import { assertMayIsolate } from './may-isolate';
import { saveBefore } from './save-before';
import { groupNames, incidentTag, quarantineGroupTag } from './saved';

const input = z.object({ incident: leasedIncidentSchema });
type Side = keyof ReturnType<typeof groupNames>;
const sides = ['open', 'closed'] as const satisfies readonly Side[];

/** Groups that are made at a time: those of two VPCs. An instance rarely has interfaces in more. */
const groupsAtOnce = 4;

/**
 * Creates the two groups of this isolation in every VPC of its interfaces: one that allows all traffic, one without rules.
 * Each is read back. Idempotent by name; a release deletes them.
 */
export const handler = step('prepare-quarantine', input, async ({ incident }, tools) => {
  const { incidentId, instanceId } = incident;
  await assertMayIsolate(incident, tools);
  // Read after the approval, so that an interface attached while waiting is also cut off.
  const interfaces = await describeInterfaces(instanceId);
  const vpcIds = [...new Set(interfaces.map(({ vpcId }) => vpcId))];
  const words = { what: 'Creating the quarantine security groups.', revert: 'delete them' };
  await saveBefore(incidentId, 'groups', { vpcIds }, words, tools);
  const wanted = vpcIds.flatMap((vpcId) => sides.map((side) => ({ vpcId, side })));
  // Side by side: where EC2 shows changes late, one after the other takes longer than the step has.
  const ids = await atOnce(wanted, groupsAtOnce, ({ vpcId, side }) => ensureGroup(incidentId, vpcId, side));
  const pairs = vpcIds.map(
    (vpcId, n): GroupPair => ({ vpcId, openGroupId: ids[2 * n]!, closedGroupId: ids[2 * n + 1]! }),
  );
  return { pairs, interfaces: interfaces.map(({ networkInterfaceId }) => ({ networkInterfaceId })) };
});

async function ensureGroup(incidentId: string, vpcId: string, side: Side): Promise<string> {
  const GroupName = groupNames(incidentId)[side];
  const GroupId =
    (await findGroup(GroupName, vpcId))?.GroupId ??
    (await createGroup(incidentId, GroupName, vpcId, side)) ??
    (await askAgain(() => findGroup(GroupName, vpcId)))?.GroupId;
  if (!GroupId) throw new NotVerifiedError(`The security group ${GroupName} exists, but is not visible yet.`);
  const group = await readGroup(GroupId);
  if (side === 'open') await open(group);
  else await close(group);
  const isRight = side === 'open' ? isOpen : isClosed;
  // Rules that were just changed may look unchanged for a moment.
  const after = await askAgain(async () => [await readGroup(GroupId)].find(isRight));
  if (!after) throw new NotVerifiedError(`The security group ${GroupName} does not have the expected rules.`);
  return GroupId;
}

/** @returns undefined if it exists already: a previous attempt created it, and lists do not show it yet */
async function createGroup(
  incidentId: string,
  GroupName: string,
  VpcId: string,
  side: Side,
): Promise<string | undefined> {
  const created = ec2.send(
    new CreateSecurityGroupCommand({
      GroupName,
      VpcId,
      Description: `Quarantine of incident ${incidentId}, ${side === 'open' ? 'untracks flows' : 'cuts them off'}`,
      TagSpecifications: [
        {
          ResourceType: 'security-group',
          Tags: [
            { Key: quarantineGroupTag, Value: side },
            { Key: incidentTag, Value: incidentId },
          ],
        },
      ],
    }),
  );
  return (await unlessAlready('InvalidGroup.Duplicate', created))?.GroupId;
}

async function findGroup(name: string, vpcId: string): Promise<SecurityGroup | undefined> {
  const Filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'group-name', Values: [name] },
  ];
  return (await ec2.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups?.[0];
}

async function readGroup(groupId: string): Promise<SecurityGroup> {
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [groupId] }));
  return SecurityGroups?.[0] ?? {};
}

async function open({ GroupId, IpPermissions, IpPermissionsEgress }: SecurityGroup): Promise<void> {
  const ingress = missingForOpen(IpPermissions);
  const egress = missingForOpen(IpPermissionsEgress);
  const isThere = 'InvalidPermission.Duplicate';
  if (ingress.length > 0)
    await unlessAlready(
      isThere,
      ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: ingress })),
    );
  if (egress.length > 0)
    await unlessAlready(isThere, ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: egress })));
}

/** Revokes the rules that are listed, IPv4 and IPv6; whether they are gone, only the next read shows. */
async function close({ GroupId, IpPermissionsEgress }: SecurityGroup): Promise<void> {
  if ((IpPermissionsEgress ?? []).length === 0) return;
  const revoked = ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: IpPermissionsEgress }));
  await unlessAlready('InvalidPermission.NotFound', revoked);
}
