import type {
  AssociateAddressCommandInput,
  AssociateAddressCommandOutput,
  DescribeAddressesCommandInput,
  DescribeAddressesCommandOutput,
  DisassociateAddressCommandInput,
} from '@aws-sdk/client-ec2';
import { drawMilliseconds, type Environment } from '../environment';
import { serviceError } from '../errors';
import { type CommandModel, changes, reads } from '../service';
import { applyFilters } from './filters';
import { type Ec2Instance, publicAddress } from './instance';
import type { Interfaces } from './interfaces';
import { getsAddress } from './lifecycle';

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

  /** An instance that is terminated loses its addresses; they stay allocated. Source: EC2 user guide, "Elastic IP addresses". */
  all(): ElasticIp[] {
    const all = [...this.addresses.values()];
    for (const address of all) if (address.on?.instance.state === 'terminated') address.on = undefined;
    return all;
  }

  /** @throws InvalidAllocationID.NotFound */
  require(allocationId: string): ElasticIp {
    const found = this.all().find((address) => address.allocationId === allocationId);
    if (found) return found;
    throw serviceError('ec2', 'InvalidAllocationID.NotFound', `The allocation ID '${allocationId}' does not exist`);
  }
}

/** Until a new public IPv4 address comes, in seconds: "within a few minutes". */
const newAddressSeconds = [30, 180] as const;

/** All associations that an address has had. */
const idsOf = ({ count, ...address }: ElasticIp) =>
  Array.from({ length: count }, (_, index) => associationIdOf({ ...address, count: index + 1 }));

const associationIdOf = ({ allocationId, count }: ElasticIp) =>
  `${allocationId.replace('eipalloc', 'eipassoc')}${count > 1 ? count.toString(16) : ''}`;

/** Commands on Elastic IPs. Source: EC2 API reference. */
export function addressCommands(
  addresses: ElasticIps,
  interfaces: Interfaces,
  environment: Pick<Environment, 'random' | 'timers'>,
): Record<string, CommandModel> {
  /** A running instance with one interface gets a new public address. Source: EC2 user guide, "Elastic IP addresses". */
  const renewAddress = (instance: Ec2Instance) =>
    environment.timers.after(drawMilliseconds(environment.random, newAddressSeconds), () => {
      if (instance.state === 'running' && !instance.life.publicIp && getsAddress(instance))
        instance.life.publicIp = publicAddress(environment.random);
    });
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
      const found = addresses.all().find((address) => idsOf(address).includes(AssociationId));
      if (!found)
        throw serviceError(
          'ec2',
          'InvalidAssociationID.NotFound',
          `The association ID '${AssociationId}' does not exist`,
        );
      // Made again, it succeeds and changes nothing. Source: EC2 API reference, DisassociateAddress.
      if (!found.on || associationIdOf(found) !== AssociationId) return {};
      const { instance } = found.on;
      delete instance.life.publicIp;
      instance.hasElasticIp = false;
      found.on = undefined;
      call.change(found.allocationId);
      renewAddress(instance);
      return {};
    }),
    AssociateAddress: changes<AssociateAddressCommandInput, AssociateAddressCommandOutput>((input, call) => {
      const address = addresses.require(input.AllocationId ?? '');
      const { instance, item } = interfaces.require(input.NetworkInterfaceId ?? '');
      const privateIp = input.PrivateIpAddress ?? instance.privateIp;
      const { networkInterfaceId } = item;
      // Source: EC2 API reference, AssociateAddress, "Error codes".
      if (instance.state === 'pending')
        throw serviceError(
          'ec2',
          'IncorrectInstanceState',
          `The pending instance '${instance.id}' is not in a valid state for this operation.`,
        );
      // Made again for the same place, it succeeds and changes nothing.
      if (address.on?.networkInterfaceId === networkInterfaceId && address.on.privateIp === privateIp)
        return { AssociationId: associationIdOf(address) };
      const other = addresses
        .all()
        .find(({ on }) => on?.networkInterfaceId === networkInterfaceId && on.privateIp === privateIp);
      if ((address.on || other) && !input.AllowReassociation)
        throw serviceError(
          'ec2',
          'Resource.AlreadyAssociated',
          `resource ${address.allocationId} is already associated`,
        );
      if (other) other.on = undefined;
      address.count += 1;
      address.on = { instance, networkInterfaceId, privateIp };
      instance.life.publicIp = address.publicIp;
      instance.hasElasticIp = true;
      call.change(address.allocationId);
      return { AssociationId: associationIdOf(address) };
    }),
  };
}
