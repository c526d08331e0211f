import type {
  CreateNetworkAclEntryCommandInput,
  DeleteNetworkAclEntryCommandInput,
  DescribeNetworkAclsCommandInput,
  DescribeNetworkAclsCommandOutput,
  NetworkAclEntry,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors';
import { type CommandModel, changes, reads } from '../service';

const rulesADirection = 20;
const allTraffic = { Protocol: '-1', CidrBlock: '0.0.0.0/0' };

/** The network ACLs of the account; there is one, as EC2 makes it for a new VPC. */
export class NetworkAcls {
  readonly entries = new Map<string, NetworkAclEntry[]>([
    [
      'acl-0a1b2c3d4e5f60718',
      [false, true].flatMap((Egress) => [
        { ...allTraffic, Egress, RuleNumber: 100, RuleAction: 'allow' as const },
        { ...allTraffic, Egress, RuleNumber: 32_767, RuleAction: 'deny' as const },
      ]),
    ],
  ]);

  /** @throws InvalidNetworkAclID.NotFound */
  require(id: string): NetworkAclEntry[] {
    const found = this.entries.get(id);
    if (found) return found;
    throw serviceError('ec2', 'InvalidNetworkAclID.NotFound', `The networkAcl ID '${id}' does not exist`);
  }
}

/** Commands on network ACLs. Source: EC2 API reference and VPC user guide, "Amazon VPC quotas". */
export function networkAclCommands(acls: NetworkAcls): Record<string, CommandModel> {
  return {
    DescribeNetworkAcls: reads<DescribeNetworkAclsCommandInput, DescribeNetworkAclsCommandOutput>((input) => ({
      NetworkAcls: (input.NetworkAclIds ?? [...acls.entries.keys()]).map((NetworkAclId) => ({
        NetworkAclId,
        Entries: acls.require(NetworkAclId).map((entry) => ({ ...entry })),
      })),
    })),
    CreateNetworkAclEntry: changes<CreateNetworkAclEntryCommandInput, object>((input, call) => {
      const { NetworkAclId = '', RuleNumber = 0, Egress = false } = input;
      const entries = acls.require(NetworkAclId);
      const sameWay = entries.filter((entry) => entry.Egress === Egress);
      if (sameWay.some((entry) => entry.RuleNumber === RuleNumber))
        throw serviceError(
          'ec2',
          'NetworkAclEntryAlreadyExists',
          `The network acl entry ${RuleNumber} already exists.`,
        );
      if (sameWay.filter((entry) => entry.RuleNumber! < 32_767).length >= rulesADirection)
        throw serviceError(
          'ec2',
          'NetworkAclEntryLimitExceeded',
          'The maximum number of network acl entries has been reached.',
        );
      const { Protocol, RuleAction, CidrBlock, Ipv6CidrBlock } = input;
      const range = CidrBlock ? { CidrBlock } : { Ipv6CidrBlock };
      entries.push({ RuleNumber, Egress, Protocol, RuleAction, ...range });
      call.change(NetworkAclId);
      return {};
    }),
    DeleteNetworkAclEntry: changes<DeleteNetworkAclEntryCommandInput, object>(
      ({ NetworkAclId = '', RuleNumber = 0, Egress = false }, call) => {
        const entries = acls.require(NetworkAclId);
        const at = entries.findIndex((entry) => entry.RuleNumber === RuleNumber && entry.Egress === Egress);
        if (at < 0)
          throw serviceError(
            'ec2',
            'InvalidNetworkAclEntry.NotFound',
            `The network acl entry ${RuleNumber} does not exist.`,
          );
        entries.splice(at, 1);
        call.change(NetworkAclId);
        return {};
      },
    ),
  };
}
