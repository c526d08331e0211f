import type {
  AssociateAddressCommandInput,
  AssociateAddressCommandOutput,
  DescribeAddressesCommandInput,
  DescribeAddressesCommandOutput,
  DisassociateAddressCommandInput,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors';
import { type CommandModel, changes, reads } from '../service';
import { applyFilters } from './filters';
import type { Ec2Instance } from './instance';
import type { Interfaces } from './interfaces';

interface ElasticIp {
  allocationId: string;
  publicIp: string;
  /** Counts associations: each has an id of its own. */
  count: number;
  on: { instance: Ec2Instance; networkInterfaceId: string; privateIp: string } | undefined;
  tags: ReadonlyMap<string, string>;
}

/** The Elastic IPs of the account; an address that is taken off stays allocated. */
export class ElasticIps {
  private readonly addresses = new Map<string, ElasticIp>();

  /** Notes the address that an instance was launched with. */
  seed(instance: Ec2Instance): void {
    const { allocationId, life, privateIp, interfaces } = instance;
    if (!allocationId || !life.publicIp) return;
    const on = { instance, networkInterfaceId: interfaces[0]!.networkInterfaceId, privateIp };
    this.addresses.set(allocationId, { allocationId, publicIp: life.publicIp, count: 1, on, tags: new Map() });
  }

  all(): ElasticIp[] {
    return [...this.addresses.values()];
  }

  /** @throws InvalidAllocationID.NotFound */
  require(allocationId: string): ElasticIp {
    const found = this.addresses.get(allocationId);
    if (found) return found;
    throw serviceError('ec2', 'InvalidAllocationID.NotFound', `The allocation ID '${allocationId}' does not exist`);
  }
}

const associationIdOf = ({ allocationId, count }: ElasticIp) =>
  `${allocationId.replace('eipalloc', 'eipassoc')}${count > 1 ? count.toString(16) : ''}`;

/** Commands on Elastic IPs. Source: EC2 API reference. */
export function addressCommands(addresses: ElasticIps, interfaces: Interfaces): Record<string, CommandModel> {
  return {
    DescribeAddresses: reads<DescribeAddressesCommandInput, DescribeAddressesCommandOutput>((input, call) => {
      const named = input.AllocationIds?.length
        ? input.AllocationIds.map((id) => addresses.require(id))
        : addresses.all();
      const found = applyFilters(named, input.Filters, {
        'instance-id': ({ on }) => [on?.instance.id],
        'allocation-id': ({ allocationId }) => [allocationId],
        'public-ip': ({ publicIp }) => [publicIp],
      });
      call.touch(...found.flatMap(({ on }) => on?.instance.id ?? []));
      return {
        Addresses: found.map((address) => ({
          AllocationId: address.allocationId,
          PublicIp: address.publicIp,
          Domain: 'vpc' as const,
          ...(address.on && {
            AssociationId: associationIdOf(address),
            InstanceId: address.on.instance.id,
            NetworkInterfaceId: address.on.networkInterfaceId,
            PrivateIpAddress: address.on.privateIp,
          }),
        })),
      };
    }),
    DisassociateAddress: changes<DisassociateAddressCommandInput, object>(({ AssociationId = '' }, call) => {
      const found = addresses.all().find((address) => address.on && associationIdOf(address) === AssociationId);
      if (!found?.on)
        throw serviceError(
          'ec2',
          'InvalidAssociationID.NotFound',
          `The association ID '${AssociationId}' does not exist`,
        );
      delete found.on.instance.life.publicIp;
      found.on = undefined;
      call.change(found.allocationId);
      return {};
    }),
    AssociateAddress: changes<AssociateAddressCommandInput, AssociateAddressCommandOutput>((input, call) => {
      const address = addresses.require(input.AllocationId ?? '');
      if (address.on && !input.AllowReassociation)
        throw serviceError(
          'ec2',
          'Resource.AlreadyAssociated',
          `resource ${address.allocationId} is already associated`,
        );
      const { instance, item } = interfaces.require(input.NetworkInterfaceId ?? '');
      const privateIp = input.PrivateIpAddress ?? instance.privateIp;
      address.count += 1;
      address.on = { instance, networkInterfaceId: item.networkInterfaceId, privateIp };
      instance.life.publicIp = address.publicIp;
      call.change(address.allocationId);
      return { AssociationId: associationIdOf(address) };
    }),
  };
}
