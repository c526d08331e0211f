import {
  DescribeAddressesCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeInstanceAttributeCommand,
  DescribeNetworkInterfacesCommand,
  type Address as Ec2Address,
  type Instance,
  type NetworkInterface,
} from '@aws-sdk/client-ec2';
import { findInstance } from '../guard/describe';
import { toSnapshot } from '../guard/snapshot';
import { isTagged } from '../guard/tags';
import { ec2 } from '../shared/clients/ec2';
import type { Config } from '../shared/config';
import type { Address, Environment, Interface, Metadata, Volume } from './environment';

/**
 * Describes everything about an instance that isolation changes. A failed read throws.
 * @throws InstanceGoneError if it does not exist or is terminated
 */
export async function describeEnvironment(
  instanceId: string,
  { OPT_IN_TAG }: Pick<Config, 'OPT_IN_TAG'>,
): Promise<Environment> {
  const found = await findInstance(instanceId);
  const instance = toSnapshot(found);
  const [terminationProtected, interfaces, addresses, profile] = await Promise.all([
    // The role may read attributes of opted-in instances only: user data is one of them.
    isTagged(instance.tags, OPT_IN_TAG) ? readTerminationProtection(instanceId) : undefined,
    describeInterfaces(instanceId),
    describeAddresses(instanceId),
    readProfile(instanceId),
  ]);
  const read = {
    ...(terminationProtected === undefined ? {} : { terminationProtected }),
    ...(profile ? { profile } : {}),
    metadata: metadataOf(found),
  };
  return { instance, interfaces, volumes: volumesOf(found), addresses, ...read };
}

/** The EBS volumes of an instance, device by device. */
function volumesOf({ BlockDeviceMappings }: Instance): Volume[] {
  return (BlockDeviceMappings ?? []).flatMap(({ DeviceName, Ebs }) => {
    if (!DeviceName || !Ebs?.VolumeId) return [];
    return [{ deviceName: DeviceName, volumeId: Ebs.VolumeId, deleteOnTermination: Ebs.DeleteOnTermination ?? true }];
  });
}

/** An instance that says nothing of its metadata service has one. */
function metadataOf({ MetadataOptions }: Instance): Metadata {
  const { State, HttpEndpoint, HttpTokens, HttpPutResponseHopLimit, HttpProtocolIpv6, InstanceMetadataTags } =
    MetadataOptions ?? {};
  return {
    HttpEndpoint: HttpEndpoint ?? 'enabled',
    ...(HttpTokens && { HttpTokens }),
    ...(HttpPutResponseHopLimit && { HttpPutResponseHopLimit }),
    ...(HttpProtocolIpv6 && { HttpProtocolIpv6 }),
    ...(InstanceMetadataTags && { InstanceMetadataTags }),
    isApplied: State !== 'pending',
  };
}

/** The options of the instance's metadata service now. */
export async function readMetadata(instanceId: string): Promise<Metadata> {
  return metadataOf(await findInstance(instanceId));
}

export async function describeVolumes(instanceId: string): Promise<Volume[]> {
  return volumesOf(await findInstance(instanceId));
}

export async function readTerminationProtection(instanceId: string): Promise<boolean> {
  const { DisableApiTermination } = await ec2.send(
    new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: 'disableApiTermination' }),
  );
  return DisableApiTermination?.Value ?? false;
}

/** Every network interface attached to the instance, in a stable order. */
export async function describeInterfaces(instanceId: string): Promise<Interface[]> {
  const { NetworkInterfaces } = await ec2.send(
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [instanceId] }] }),
  );
  const found = (NetworkInterfaces ?? []).map(toInterface);
  return found.sort((a, b) => a.networkInterfaceId.localeCompare(b.networkInterfaceId));
}

export function toInterface({
  NetworkInterfaceId,
  VpcId,
  Groups,
  RequesterManaged,
  Operator,
}: NetworkInterface): Interface {
  const groupIds = (Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
  const isManaged = RequesterManaged === true || Operator?.Managed === true;
  const found = { networkInterfaceId: NetworkInterfaceId ?? '', vpcId: VpcId ?? '', groupIds };
  return isManaged ? { ...found, isManaged } : found;
}

/** The Elastic IPs of the instance, in a stable order. */
export async function describeAddresses(instanceId: string): Promise<Address[]> {
  const { Addresses } = await ec2.send(
    new DescribeAddressesCommand({ Filters: [{ Name: 'instance-id', Values: [instanceId] }] }),
  );
  return (Addresses ?? []).map(toAddress).sort((a, b) => a.allocationId.localeCompare(b.allocationId));
}

function toAddress({
  AllocationId,
  AssociationId,
  PublicIp,
  NetworkInterfaceId,
  PrivateIpAddress,
}: Ec2Address): Address {
  return {
    allocationId: AllocationId ?? '',
    associationId: AssociationId ?? '',
    publicIp: PublicIp ?? '',
    networkInterfaceId: NetworkInterfaceId ?? '',
    privateIp: PrivateIpAddress ?? '',
  };
}

/** The instance profile that is associated now; a swap changes the association's ID. */
export async function readProfile(instanceId: string): Promise<Environment['profile']> {
  const { IamInstanceProfileAssociations } = await ec2.send(
    new DescribeIamInstanceProfileAssociationsCommand({
      Filters: [
        { Name: 'instance-id', Values: [instanceId] },
        { Name: 'state', Values: ['associating', 'associated'] },
      ],
    }),
  );
  const found = IamInstanceProfileAssociations?.[0];
  if (!found?.AssociationId || !found.IamInstanceProfile?.Arn) return undefined;
  return { associationId: found.AssociationId, arn: found.IamInstanceProfile.Arn };
}
