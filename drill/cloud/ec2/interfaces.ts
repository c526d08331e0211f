import type {
  DescribeNetworkInterfacesCommandInput,
  DescribeNetworkInterfacesCommandOutput,
  ModifyNetworkInterfaceAttributeCommandInput,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors';
import { type CommandModel, changes, reads } from '../service';
import { invalidParameter } from './errors';
import { applyFilters, page } from './filters';
import type { Fleet } from './fleet';
import type { Flows } from './flows';
import type { Ec2Instance, NetworkInterface } from './instance';
import { allowsAll, type SecurityGroups } from './security-groups';

interface Attached {
  instance: Ec2Instance;
  item: NetworkInterface;
  index: number;
  tags: ReadonlyMap<string, string>;
}

const noTags: ReadonlyMap<string, string> = new Map();

/** The network interfaces of all instances, with the groups that they have. */
export class Interfaces {
  constructor(
    private readonly fleet: Fleet,
    private readonly groups: SecurityGroups,
    readonly flows: Flows,
  ) {}

  all(): Attached[] {
    return this.fleet
      .visible()
      .filter(({ state }) => state !== 'terminated')
      .flatMap((instance) => instance.interfaces.map((item, index) => ({ instance, item, index, tags: noTags })));
  }

  /** @throws InvalidNetworkInterfaceID.NotFound */
  require(id: string): Attached {
    const found = this.all().find(({ item }) => item.networkInterfaceId === id);
    if (found) return found;
    throw serviceError('ec2', 'InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${id}' does not exist`);
  }

  isOpen({ securityGroups }: NetworkInterface): boolean {
    return securityGroups.some((id) => allowsAll(this.groups.require(id)));
  }

  isUsed(groupId: string): boolean {
    return this.all().some(({ item }) => item.securityGroups.includes(groupId));
  }

  groupChanged(groupId: string): void {
    for (const { item } of this.all()) {
      if (item.securityGroups.includes(groupId)) this.flows.rulesChanged(item.networkInterfaceId, this.isOpen(item));
    }
  }

  setGroups(id: string, groupIds: readonly string[]): void {
    const { instance, item } = this.require(id);
    if (groupIds.length === 0) throw invalidParameter('You must specify at least one security group.');
    for (const groupId of groupIds) {
      if (this.groups.require(groupId).vpcId !== instance.spec.vpcId)
        throw invalidParameter(`The security group '${groupId}' and interface '${id}' belong to different networks.`);
    }
    item.securityGroups = [...groupIds];
    this.flows.rulesChanged(id, this.isOpen(item));
  }
}

function view({ instance, item, index }: Attached) {
  const isFirst = index === 0;
  const publicIp = isFirst ? instance.life.publicIp : undefined;
  return {
    NetworkInterfaceId: item.networkInterfaceId,
    VpcId: instance.spec.vpcId,
    SubnetId: item.subnetId,
    Status: 'in-use' as const,
    Groups: item.securityGroups.map((GroupId) => ({ GroupId, GroupName: GroupId })),
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
        const { items, nextToken } = page(found, input.MaxResults, input.NextToken);
        call.touch(...items.map(({ item }) => item.networkInterfaceId));
        return { NetworkInterfaces: items.map(view), ...(nextToken && { NextToken: nextToken }) };
      },
    ),
    ModifyNetworkInterfaceAttribute: changes<ModifyNetworkInterfaceAttributeCommandInput, object>(
      ({ NetworkInterfaceId = '', Groups }, call) => {
        if (!Groups) throw invalidParameter('The simulated EC2 changes the groups of an interface only.');
        interfaces.setGroups(NetworkInterfaceId, Groups);
        call.change(NetworkInterfaceId);
        return {};
      },
    ),
  };
}
