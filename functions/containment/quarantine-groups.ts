import { DescribeSecurityGroupsCommand, type SecurityGroup } from '@aws-sdk/client-ec2';
import { toTags } from '../guard/tags';
import { ec2 } from '../shared/clients/ec2';
import type { GroupPair } from './group-rules';
import { incidentTag, quarantineGroupTag } from './saved';

/** The security groups that an isolation created, by its tag. */
export async function quarantineGroups(incidentId: string): Promise<SecurityGroup[]> {
  const Filters = [{ Name: `tag:${incidentTag}`, Values: [incidentId] }];
  return (await ec2.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups ?? [];
}

/** The same by VPC; one that lacks its other half counts with an empty id, which no interface has. */
export async function quarantinePairs(incidentId: string): Promise<GroupPair[]> {
  const groups = await quarantineGroups(incidentId);
  const idOf = (vpcId: string, side: string) =>
    groups.find((one) => one.VpcId === vpcId && toTags(one.Tags)[quarantineGroupTag] === side)?.GroupId ?? '';
  const vpcIds = [...new Set(groups.flatMap(({ VpcId }) => VpcId ?? []))];
  return vpcIds.map((vpcId) => ({ vpcId, openGroupId: idOf(vpcId, 'open'), closedGroupId: idOf(vpcId, 'closed') }));
}
