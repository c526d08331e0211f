import type {
  DescribeNetworkInterfacesCommandInput,
  DescribeNetworkInterfacesCommandOutput,
  ModifyNetworkInterfaceAttributeCommandInput,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors';
import { type CommandModel, changes, reads } from '../service';
import { Settling } from './consistency';
import { invalidParameter } from './errors';
import { applyFilters, assertPaged, page } from './filters';
import type { Fleet } from './fleet';
import type { Flows } from './flows';
import type { Ec2Instance, NetworkInterface } from './instance';
import { allowsAll, type SecurityGroups } from './security-groups';
import { tagsView } from './views';

interface Attached {
  instance: Ec2Instance;
  item: NetworkInterface;
  index: number;
  tags: ReadonlyMap<string, string>;
}

/** Security groups an interface. Source: VPC user guide, "Amazon VPC quotas". */
const groupsAnInterface = 5;

/** The network interfaces of all instances, with the groups that they have. */
export class Interfaces {
  private readonly groupsOf = new Map<string, Settling<readonly string[]>>();

  constructor(
    private readonly fleet: Fleet,
    private readonly groups: SecurityGroups,
    readonly flows: Flows,
  ) {}

  all(): Attached[] {
    return this.fleet
      .visible()
      .filter(({ state }) => state !== 'terminated')
      .flatMap((instance) => instance.interfaces.map((item, index) => ({ instance, item, index, tags: tagsOf(item) })));
  }

  /** @throws InvalidNetworkInterfaceID.NotFound */
  require(id: string): Attached {
    const found = this.all().find(({ item }) => item.networkInterfaceId === id);
    if (found) return found;
    throw serviceError('ec2', 'InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${id}' does not exist`);
  }

  /** A group that was just made is not found everywhere yet. @throws InvalidGroup.NotFound */
  requireSeen(groupIds: readonly string[]): void {
    for (const groupId of groupIds) this.groups.requireSeen(groupId);
  }

  isOpen({ securityGroups }: NetworkInterface): boolean {
    return securityGroups.some((id) => allowsAll(this.groups.require(id)));
  }

  /** One that has just been given up still counts for a while. Source: EC2 API reference, DeleteSecurityGroup; terraform-provider-aws. */
  isUsed(groupId: string): boolean {
    return this.all().some(({ item }) => [...item.securityGroups, ...this.groupsSeen(item)].includes(groupId));
  }

  groupChanged(groupId: string): void {
    for (const { item } of this.all()) {
      if (item.securityGroups.includes(groupId)) this.flows.rulesChanged(item.networkInterfaceId, this.isOpen(item));
    }
  }

  /** @returns whether that changed anything */
  setGroups(id: string, groupIds: readonly string[]): boolean {
    const { instance, item } = this.require(id);
    if (groupIds.length === 0) throw invalidParameter('You must specify at least one security group.');
    // Source: c7n#3406; EC2 user guide, "Requester-managed network interfaces".
    if (item.requesterManaged)
      throw serviceError('ec2', 'AuthFailure', 'You do not have permission to access the specified resource.');
    if (groupIds.length > groupsAnInterface)
      throw serviceError('ec2', 'SecurityGroupsPerInterfaceLimitExceeded', 'Too many security groups.');
    for (const groupId of groupIds) {
      // A group of another VPC is not found, as one that was just made. Source: EC2 API reference, "Error codes".
      if (this.groups.require(groupId).vpcId !== instance.spec.vpcId)
        throw serviceError('ec2', 'InvalidGroup.NotFound', `The security group '${groupId}' does not exist`);
    }
    if (JSON.stringify(item.securityGroups) === JSON.stringify(groupIds)) return false;
    this.settled(item).set([...groupIds]);
    item.securityGroups = [...groupIds];
    this.flows.rulesChanged(id, this.isOpen(item));
    return true;
  }

  /** The groups of an interface as a description shows them. */
  groupsSeen(item: NetworkInterface): readonly string[] {
    const settled = this.settled(item);
    // A test may have set groups by itself.
    if (JSON.stringify(settled.now) !== JSON.stringify(item.securityGroups)) return item.securityGroups;
    return settled.seen(item.networkInterfaceId, this.groups.consistency);
  }

  private settled(item: NetworkInterface): Settling<readonly string[]> {
    const known =
      this.groupsOf.get(item.networkInterfaceId) ?? new Settling<readonly string[]>([...item.securityGroups]);
    this.groupsOf.set(item.networkInterfaceId, known);
    return known;
  }
}

function view({ instance, item, index }: Attached, groupIds: readonly string[]) {
  const isFirst = index === 0;
  const publicIp = isFirst ? instance.life.publicIp : undefined;
  return {
    NetworkInterfaceId: item.networkInterfaceId,
    VpcId: instance.spec.vpcId,
    SubnetId: item.subnetId,
    Status: 'in-use' as const,
    InterfaceType: 'interface' as const,
    RequesterManaged: item.requesterManaged,
    TagSet: tagsView(tagsOf(item)),
    Groups: groupIds.map((GroupId) => ({ GroupId, GroupName: GroupId })),
    Attachment: { InstanceId: instance.id, DeviceIndex: index, Status: 'attached' as const },
    Ipv6Addresses: item.ipv6Address ? [{ Ipv6Address: item.ipv6Address }] : [],
    ...(isFirst && { PrivateIpAddress: instance.privateIp }),
    ...(publicIp && { Association: { PublicIp: publicIp } }),
  };
}

/** Commands on network interfaces. Source: EC2 API reference. */
export function interfaceCommands(interfaces: Interfaces): Record<string, CommandModel> {
  return {
    DescribeNetworkInterfaces: reads<DescribeNetworkInterfacesCommandInput, DescribeNetworkInterfacesCommandOutput>(
      (input, call) => {
        const ids = input.NetworkInterfaceIds;
        const named = ids?.length ? ids.map((id) => interfaces.require(id)) : interfaces.all();
        const found = applyFilters(named, input.Filters, {
          'attachment.instance-id': ({ instance }) => [instance.id],
          'group-id': ({ item }) => item.securityGroups,
          'vpc-id': ({ instance }) => [instance.spec.vpcId],
        });
        assertPaged(found, input);
        const { items, nextToken } = page(found, input, ids);
        call.touch(...items.map(({ item }) => item.networkInterfaceId));
        const NetworkInterfaces = items.map((one) => view(one, interfaces.groupsSeen(one.item)));
        return { NetworkInterfaces, ...(nextToken && { NextToken: nextToken }) };
      },
    ),
    ModifyNetworkInterfaceAttribute: changes<ModifyNetworkInterfaceAttributeCommandInput, object>(
      ({ NetworkInterfaceId = '', Groups }, call) => {
        if (!Groups) throw invalidParameter('The simulated EC2 changes the groups of an interface only.');
        interfaces.requireSeen(Groups);
        if (interfaces.setGroups(NetworkInterfaceId, Groups)) call.change(NetworkInterfaceId);
        return {};
      },
    ),
  };
}

/** A drill may attach an interface of which it says no tags. */
const tagsOf = ({ tags }: Partial<Pick<NetworkInterface, 'tags'>>): ReadonlyMap<string, string> => tags ?? new Map();
