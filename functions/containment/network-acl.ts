import {
  CreateNetworkAclEntryCommand,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  type NetworkAclEntry,
} from '@aws-sdk/client-ec2';
import { unlessAlready } from '../shared/ask-again';
import { ec2 } from '../shared/clients/ec2';
import { isDenyOf } from './acl-rules';

/** The entries of a network ACL as they are now. */
export async function describeEntries(networkAclId: string): Promise<NetworkAclEntry[]> {
  const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [networkAclId] }));
  return NetworkAcls?.[0]?.Entries ?? [];
}

/**
 * Denies all traffic of a range in one direction; a network ACL is stateless, so both are needed. An entry that is there
 * already under that number, though not everywhere visible yet, is left: whoever verifies sees whose it is.
 * @returns whether this call created it
 * @throws NetworkAclEntryLimitExceeded if the ACL is full
 */
export async function createDeny(
  networkAclId: string,
  ruleNumber: number,
  cidr: string,
  egress: boolean,
): Promise<boolean> {
  const range = cidr.includes(':') ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr };
  const entry = { NetworkAclId: networkAclId, RuleNumber: ruleNumber, Egress: egress, ...range };
  const deny = new CreateNetworkAclEntryCommand({ ...entry, Protocol: '-1', RuleAction: 'deny' });
  return (await unlessAlready('NetworkAclEntryAlreadyExists', ec2.send(deny))) !== undefined;
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
    await deleteEntry(networkAclId, ruleNumber, Egress);
  }
  return ours.length;
}

/** Deletes an entry, whoever's it is; it is fine if it does not exist. */
export async function deleteEntry(networkAclId: string, ruleNumber: number, egress: boolean): Promise<void> {
  const entry = { NetworkAclId: networkAclId, RuleNumber: ruleNumber, Egress: egress };
  await unlessAlready('InvalidNetworkAclEntry.NotFound', ec2.send(new DeleteNetworkAclEntryCommand(entry)));
}
