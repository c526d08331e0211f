import type {
  AuthorizeSecurityGroupEgressCommandInput,
  CreateSecurityGroupCommandInput,
  CreateSecurityGroupCommandOutput,
  DeleteSecurityGroupCommandInput,
  DescribeSecurityGroupsCommandInput,
  DescribeSecurityGroupsCommandOutput,
  IpPermission,
} from '@aws-sdk/client-ec2';
import { type Environment, randomHex } from '../environment';
import { serviceError, UnmodelledInputError } from '../errors';
import { type CommandModel, changes, reads } from '../service';
import { type Consistency, Settling } from './consistency';
import { invalidParameter } from './errors';
import { applyFilters, page } from './filters';
import { tagsView } from './views';

/** One rule of a group: all we tell apart is the protocol and the range. */
interface Rule {
  protocol: string;
  cidr: string;
}

export interface SecurityGroup {
  id: string;
  name: string;
  vpcId: string;
  description: string;
  tags: Map<string, string>;
  ingress: Rule[];
  egress: Rule[];
  /** Epoch ms; groups that instances come with have been there for ever. */
  madeAt: number;
  /** The rules as they are read. */
  rules: Settling<Pick<SecurityGroup, 'ingress' | 'egress'>>;
}

type Side = 'ingress' | 'egress';

/** Rules of a group a side, for IPv4 and IPv6 each. Source: VPC user guide, "Amazon VPC quotas". */
const rulesASide = 60;
const familyOf = (cidr: string) => (cidr.includes(':') ? 6 : 4);
const everywhere = ['0.0.0.0/0', '::/0'];

/** Whether a group allows all traffic both ways, IPv4 and IPv6. */
export function allowsAll({ ingress, egress }: SecurityGroup): boolean {
  const hasAll = (rules: readonly Rule[]) =>
    everywhere.every((cidr) => rules.some((rule) => rule.protocol === '-1' && rule.cidr === cidr));
  return hasAll(ingress) && hasAll(egress);
}

/** The security groups of the account. Source of what is refused: EC2 API reference, "Error codes". */
export class SecurityGroups {
  private readonly groups = new Map<string, SecurityGroup>();
  /** The VPCs that there are: those of the groups that the account begins with. */
  private readonly vpcIds = new Set<string>();

  constructor(
    private readonly environment: Pick<Environment, 'random'>,
    readonly consistency: Consistency,
  ) {}

  /** The group of an id. @throws InvalidGroup.NotFound */
  require(id: string): SecurityGroup {
    const group = this.groups.get(id);
    if (group) return group;
    throw groupNotFound(id);
  }

  /** The group of an id, as a request finds it: one that was just made is not found everywhere. @throws InvalidGroup.NotFound */
  requireSeen(id: string): SecurityGroup {
    const group = this.require(id);
    if (this.consistency.isSeen(id, group.madeAt)) return group;
    throw groupNotFound(id);
  }

  all(): SecurityGroup[] {
    return [...this.groups.values()];
  }

  /** Those that a listing shows by now. */
  seen(): SecurityGroup[] {
    return this.all().filter(({ id, madeAt }) => this.consistency.isSeen(id, madeAt));
  }

  /** Gives a group other rules on one side. */
  setRules(group: SecurityGroup, side: Side, rules: Rule[]): void {
    group[side] = rules;
    group.rules.set({ ingress: group.ingress, egress: group.egress });
  }

  /** A group that instances come with: web traffic in, everything out. Does nothing when it is there already. */
  seed(id: string, vpcId: string): void {
    this.vpcIds.add(vpcId);
    if (this.groups.has(id)) return;
    const ingress = [{ protocol: 'tcp', cidr: '0.0.0.0/0' }];
    const egress = [{ protocol: '-1', cidr: '0.0.0.0/0' }];
    const group = { id, vpcId, name: `web-${id.slice(-4)}`, description: 'web', tags: new Map<string, string>() };
    const madeAt = Number.NEGATIVE_INFINITY;
    this.groups.set(id, { ...group, ingress, egress, madeAt, rules: new Settling({ ingress, egress }) });
  }

  create(name: string, vpcId: string, description: string, tags: Map<string, string>): SecurityGroup {
    if (name.startsWith('sg-')) throw invalidParameter(`Group names may not be in the format sg-*: ${name}`);
    if (!this.vpcIds.has(vpcId))
      throw serviceError('ec2', 'InvalidVpcID.NotFound', `The vpc ID '${vpcId}' does not exist`);
    // Names are not case-sensitive. Source: CreateSecurityGroup, GroupName.
    const isSame = (group: SecurityGroup) => group.name.toLowerCase() === name.toLowerCase() && group.vpcId === vpcId;
    if (this.all().some(isSame))
      throw serviceError(
        'ec2',
        'InvalidGroup.Duplicate',
        `The security group '${name}' already exists for VPC '${vpcId}'`,
      );
    const id = `sg-${randomHex(this.environment.random, 17)}`;
    // A VPC with an IPv6 range gets a default rule for that too.
    const egress = everywhere.map((cidr) => ({ protocol: '-1', cidr }));
    const rules = new Settling({ ingress: [] as Rule[], egress });
    const group = { id, name, vpcId, description, tags, ingress: [], egress, madeAt: Date.now(), rules };
    this.groups.set(id, group);
    return group;
  }

  remove(id: string): void {
    this.groups.delete(id);
  }
}

const rulesOf = (permissions: readonly IpPermission[] | undefined): Rule[] =>
  (permissions ?? []).flatMap(({ IpProtocol = '-1', IpRanges = [], Ipv6Ranges = [], ...other }) => {
    if (other.UserIdGroupPairs?.length || other.PrefixListIds?.length)
      throw new UnmodelledInputError('The simulated EC2 does not model rules that name groups or prefix lists.');
    return [
      ...IpRanges.map(({ CidrIp = '' }) => ({ protocol: IpProtocol, cidr: CidrIp })),
      ...Ipv6Ranges.map(({ CidrIpv6 = '' }) => ({ protocol: IpProtocol, cidr: CidrIpv6 })),
    ];
  });

const permissionsOf = (rules: readonly Rule[]): IpPermission[] =>
  [...new Set(rules.map(({ protocol }) => protocol))].map((IpProtocol) => {
    const cidrs = rules.filter(({ protocol }) => protocol === IpProtocol).map(({ cidr }) => cidr);
    return {
      IpProtocol,
      IpRanges: cidrs.filter((cidr) => !cidr.includes(':')).map((CidrIp) => ({ CidrIp })),
      Ipv6Ranges: cidrs.filter((cidr) => cidr.includes(':')).map((CidrIpv6) => ({ CidrIpv6 })),
      UserIdGroupPairs: [],
      PrefixListIds: [],
    };
  });

const same = (one: Rule) => (other: Rule) => one.protocol === other.protocol && one.cidr === other.cidr;

function groupNotFound(id: string): Error {
  return serviceError('ec2', 'InvalidGroup.NotFound', `The security group '${id}' does not exist`);
}

function view({ id, name, vpcId, description, tags, rules }: SecurityGroup, consistency: Consistency) {
  const { ingress, egress } = rules.seen(id, consistency);
  return {
    GroupId: id,
    GroupName: name,
    VpcId: vpcId,
    Description: description,
    IpPermissions: permissionsOf(ingress),
    IpPermissionsEgress: permissionsOf(egress),
    Tags: tagsView(tags),
  };
}

type RulesInput = Pick<AuthorizeSecurityGroupEgressCommandInput, 'GroupId' | 'IpPermissions'>;

/** @param isUsed whether an interface has the group; @param onChange is told when a group's rules have changed */
export function securityGroupCommands(
  groups: SecurityGroups,
  isUsed: (groupId: string) => boolean,
  onChange: (groupId: string) => void,
): Record<string, CommandModel> {
  const authorize = (side: Side) =>
    changes<RulesInput, object>(({ GroupId = '', IpPermissions }, call) => {
      const group = groups.requireSeen(GroupId);
      const added = rulesOf(IpPermissions);
      // All of them, or none.
      if (added.some((rule) => group[side].some(same(rule))))
        throw serviceError('ec2', 'InvalidPermission.Duplicate', 'the specified rule already exists');
      for (const family of [4, 6])
        if ([...group[side], ...added].filter(({ cidr }) => familyOf(cidr) === family).length > rulesASide)
          throw serviceError('ec2', 'RulesPerSecurityGroupLimitExceeded', 'The maximum number of rules is reached.');
      groups.setRules(group, side, [...group[side], ...added]);
      call.change(GroupId);
      onChange(GroupId);
      return { Return: true };
    });
  return {
    DescribeSecurityGroups: reads<DescribeSecurityGroupsCommandInput, DescribeSecurityGroupsCommandOutput>((input) => {
      const named = input.GroupIds?.length ? input.GroupIds.map((id) => groups.requireSeen(id)) : groups.seen();
      const found = applyFilters(named, input.Filters, {
        'vpc-id': ({ vpcId }) => [vpcId],
        'group-name': ({ name }) => [name],
        'group-id': ({ id }) => [id],
      });
      const { items, nextToken } = page(found, input);
      const SecurityGroups = items.map((group) => view(group, groups.consistency));
      return { SecurityGroups, ...(nextToken && { NextToken: nextToken }) };
    }),
    CreateSecurityGroup: changes<CreateSecurityGroupCommandInput, CreateSecurityGroupCommandOutput>((input, call) => {
      const tags = new Map((input.TagSpecifications?.[0]?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
      const group = groups.create(input.GroupName ?? '', input.VpcId ?? '', input.Description ?? '', tags);
      call.change(group.id);
      return { GroupId: group.id };
    }),
    AuthorizeSecurityGroupIngress: authorize('ingress'),
    AuthorizeSecurityGroupEgress: authorize('egress'),
    RevokeSecurityGroupEgress: changes<RulesInput, object>(({ GroupId = '', IpPermissions }, call) => {
      const group = groups.requireSeen(GroupId);
      const gone = rulesOf(IpPermissions);
      // In a VPC that is not a default one. Source: RevokeSecurityGroupEgress; EC2 API reference, "Error codes".
      if (gone.some((rule) => !group.egress.some(same(rule))))
        throw serviceError(
          'ec2',
          'InvalidPermission.NotFound',
          'The specified rule does not exist in this security group.',
        );
      groups.setRules(
        group,
        'egress',
        group.egress.filter((rule) => !gone.some(same(rule))),
      );
      call.change(GroupId);
      onChange(GroupId);
      return { Return: true };
    }),
    DeleteSecurityGroup: changes<DeleteSecurityGroupCommandInput, object>(({ GroupId = '' }, call) => {
      groups.requireSeen(GroupId);
      if (isUsed(GroupId))
        throw serviceError('ec2', 'DependencyViolation', `resource ${GroupId} has a dependent object`);
      groups.remove(GroupId);
      call.change(GroupId);
      return { Return: true, GroupId };
    }),
  };
}
