import {
  CreateNetworkAclEntryCommand,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  type NetworkAclEntry,
} from '@aws-sdk/client-ec2';
import { ec2 } from '../shared/clients/ec2';
import { isDenyOf } from './acl-rules';

/** The entries of a network ACL as they are now. */
export async function describeEntries(networkAclId: string): Promise<NetworkAclEntry[]> {
  const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [networkAclId] }));
  return NetworkAcls?.[0]?.Entries ?? [];
}

/** Denies all traffic of a range in one direction; a network ACL is stateless, so both are needed. */
export async function createDeny(
  networkAclId: string,
  ruleNumber: number,
  cidr: string,
  egress: boolean,
): Promise<void> {
  const range = cidr.includes(':') ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr };
  await ec2.send(
    new CreateNetworkAclEntryCommand({
      NetworkAclId: networkAclId,
      RuleNumber: ruleNumber,
      Protocol: '-1',
      RuleAction: 'deny',
      Egress: egress,
      ...range,
    }),
  );
}

/**
 * Deletes the playbook's deny of a range in both directions, if it exists under that number.
 * Anyone else's entry under that number is left alone.
 * @returns the number of deleted entries
 */
export async function deleteDeny(networkAclId: string, ruleNumber: number, cidr: string): Promise<number> {
  const entries = await describeEntries(networkAclId);
  const ours = entries.filter((entry) => entry.RuleNumber === ruleNumber && isDenyOf(cidr, entry));
  for (const { Egress = false } of ours) {
    await ec2.send(new DeleteNetworkAclEntryCommand({ NetworkAclId: networkAclId, RuleNumber: ruleNumber, Egress }));
  }
  return ours.length;
}
