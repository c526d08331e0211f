import type {
  CreateNetworkAclEntryCommandInput,
  DeleteNetworkAclEntryCommandInput,
  DescribeNetworkAclsCommandInput,
  DescribeNetworkAclsCommandOutput,
  NetworkAclEntry,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors';
import { type CommandModel, changes, reads } from '../service';
import { canonical, familyOf, lets } from './acl-entries';
import type { Consistency } from './consistency';
import { invalidParameter } from './errors';
import type { Flows } from './flows';

/** Rules a direction and family, the default deny included. Source: VPC user guide, "Amazon VPC quotas", Network ACLs. */
const rulesAnyWay = 20;
/** Source: EC2 API reference, CreateNetworkAclEntry: "positive integer from 1 to 32766". */
const lastNumber = 32_766;

/** What EC2 puts into the ACL of a VPC that has both families. Source: VPC user guide, "Default network ACL". */
const defaults = [
  { CidrBlock: '0.0.0.0/0', allow: 100, deny: 32_767 },
  { Ipv6CidrBlock: '::/0', allow: 101, deny: 32_768 },
].flatMap(({ allow, deny, ...range }) =>
  [false, true].flatMap((Egress) => [
    { Protocol: '-1', ...range, Egress, RuleNumber: allow, RuleAction: 'allow' as const },
    { Protocol: '-1', ...range, Egress, RuleNumber: deny, RuleAction: 'deny' as const },
  ]),
);

/** The network ACLs of the account; there is one, as EC2 makes it for a new VPC, and it has all of its subnets. */
export class NetworkAcls {
  readonly entries = new Map<string, NetworkAclEntry[]>([['acl-0a1b2c3d4e5f60718', [...defaults]]]);

  private readonly changed: { id: string; entry: NetworkAclEntry; at: number; is: 'added' | 'deleted' }[] = [];

  constructor(
    private readonly flows: Flows,
    private readonly consistency: Consistency,
  ) {}

  /** @throws InvalidNetworkAclID.NotFound */
  require(id: string): NetworkAclEntry[] {
    const found = this.entries.get(id);
    if (found) return found;
    throw serviceError('ec2', 'InvalidNetworkAclID.NotFound', `The networkAcl ID '${id}' does not exist`);
  }

  /** @throws NetworkAclEntryAlreadyExists, NetworkAclEntryLimitExceeded */
  add(id: string, entry: NetworkAclEntry): void {
    const entries = this.require(id);
    const sameWay = entries.filter(({ Egress }) => Egress === entry.Egress);
    if (sameWay.some(({ RuleNumber }) => RuleNumber === entry.RuleNumber))
      throw aclError('NetworkAclEntryAlreadyExists', `The network acl entry ${entry.RuleNumber} already exists.`);
    if (sameWay.filter((other) => familyOf(other) === familyOf(entry)).length >= rulesAnyWay)
      throw aclError('NetworkAclEntryLimitExceeded', 'The maximum number of network acl entries has been reached.');
    entries.push(entry);
    this.changed.push({ id, entry, at: Date.now(), is: 'added' });
    this.apply(entries);
  }

  /** @throws InvalidNetworkAclEntry.NotFound */
  remove(id: string, number: number, egress: boolean): void {
    const entries = this.require(id);
    const at = entries.findIndex(({ RuleNumber, Egress }) => RuleNumber === number && Egress === egress);
    if (at < 0) throw aclError('InvalidNetworkAclEntry.NotFound', `The network acl entry ${number} does not exist.`);
    for (const entry of entries.splice(at, 1)) this.changed.push({ id, entry, at: Date.now(), is: 'deleted' });
  }

  /** The entries as a description shows them: a change is seen after seconds. Source: "Eventual consistency". */
  seen(id: string): NetworkAclEntry[] {
    const unseen = this.changed.filter(
      ({ id: of, entry, at }) => of === id && !this.consistency.isSeen(`${id}${entry.RuleNumber}${entry.Egress}`, at),
    );
    const hidden = unseen.filter(({ is }) => is === 'added').map(({ entry }) => entry);
    const shown = unseen.filter(({ is }) => is === 'deleted').map(({ entry }) => entry);
    const there = this.require(id).filter((entry) => !hidden.includes(entry));
    return [...there, ...shown.filter((entry) => !hidden.includes(entry))].map((entry) => ({ ...entry }));
  }

  /** A network ACL keeps no state: a flow that either direction denies ends at once, tracked or not. */
  private apply(entries: readonly NetworkAclEntry[]): void {
    this.flows.cut((remote) => ![false, true].every((egress) => lets(entries, remote, egress)));
  }
}

const aclError = (code: string, message: string) => serviceError('ec2', code, message);

/** Commands on network ACLs. Source: EC2 API reference and VPC user guide, "Amazon VPC quotas". */
export function networkAclCommands(acls: NetworkAcls): Record<string, CommandModel> {
  return {
    DescribeNetworkAcls: reads<DescribeNetworkAclsCommandInput, DescribeNetworkAclsCommandOutput>((input) => ({
      NetworkAcls: (input.NetworkAclIds ?? [...acls.entries.keys()]).map((NetworkAclId) => ({
        NetworkAclId,
        Entries: acls.seen(NetworkAclId),
      })),
    })),
    CreateNetworkAclEntry: changes<CreateNetworkAclEntryCommandInput, object>((input, call) => {
      const { NetworkAclId = '', RuleNumber = 0, Egress = false, Protocol, RuleAction } = input;
      if (!Number.isInteger(RuleNumber) || RuleNumber < 1 || RuleNumber > lastNumber)
        throw invalidParameter(`Value (${RuleNumber}) for parameter ruleNumber is invalid.`);
      acls.add(NetworkAclId, { RuleNumber, Egress, Protocol, RuleAction, ...canonical(input) });
      call.change(NetworkAclId);
      return {};
    }),
    DeleteNetworkAclEntry: changes<DeleteNetworkAclEntryCommandInput, object>(
      ({ NetworkAclId = '', RuleNumber = 0, Egress = false }, call) => {
        if (RuleNumber > lastNumber) throw invalidParameter(`The default entry ${RuleNumber} cannot be deleted.`);
        acls.remove(NetworkAclId, RuleNumber, Egress);
        call.change(NetworkAclId);
        return {};
      },
    ),
  };
}
