import {
  DescribeAddressesCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  type NatGateway,
  type NetworkInterface,
  type Vpc,
  type VpcPeeringConnectionVpcInfo,
} from '@aws-sdk/client-ec2';
import { ec2 } from '../shared/clients/ec2';
import type { OwnRange } from './block-rules';

/**
 * Without it EC2 answers everything at once, and fails where there are many interfaces.
 * Source: EC2 API reference, DescribeNetworkInterfaces.
 */
const MaxResults = 1_000;
/** What is gone stays listed for a while. Sources: VPC peering guide, "Lifecycle"; VPC user guide, "NAT gateways". */
const isGone = (state: string | undefined) => /^(deleted|rejected|expired|failed)$/.test(state ?? '');

/** Reads our own ranges: VPCs, peered VPCs, and public addresses of the account. Changes nothing. */
export async function readOwnRanges(): Promise<OwnRange[]> {
  const [vpcs, peerings, addresses, gateways, interfaces] = await Promise.all([
    pages(
      (NextToken) => ec2.send(new DescribeVpcsCommand({ NextToken, MaxResults })),
      ({ Vpcs }) => Vpcs,
    ),
    pages(
      (NextToken) => ec2.send(new DescribeVpcPeeringConnectionsCommand({ NextToken, MaxResults })),
      (page) => page.VpcPeeringConnections,
    ),
    ec2.send(new DescribeAddressesCommand({})),
    pages(
      (NextToken) => ec2.send(new DescribeNatGatewaysCommand({ NextToken, MaxResults })),
      ({ NatGateways }) => NatGateways,
    ),
    pages(
      (NextToken) => ec2.send(new DescribeNetworkInterfacesCommand({ NextToken, MaxResults })),
      (page) => page.NetworkInterfaces,
    ),
  ]);
  const own: OwnRange[] = [
    ...vpcs.flatMap(ofVpc),
    ...peerings
      .filter(({ Status }) => !isGone(Status?.Code))
      .flatMap(({ AccepterVpcInfo, RequesterVpcInfo }) => [...ofPeer(AccepterVpcInfo), ...ofPeer(RequesterVpcInfo)]),
    ...(addresses.Addresses ?? []).flatMap(({ PublicIp }) => one('an Elastic IP of this account', PublicIp)),
    ...gateways.filter(({ State }) => !isGone(State)).flatMap(ofGateway),
    ...interfaces.flatMap(ofInterface),
  ];
  return [...new Map(own.map((range) => [range.cidr, range])).values()];
}

/** All pages of a Describe call; a truncated result would let one of our own ranges through. */
async function pages<Page extends { NextToken?: string | undefined }, Item>(
  read: (token: string | undefined) => Promise<Page>,
  items: (page: Page) => Item[] | undefined,
): Promise<Item[]> {
  const found: Item[] = [];
  let token: string | undefined;
  do {
    const page = await read(token);
    found.push(...(items(page) ?? []));
    token = page.NextToken;
  } while (token);
  return found;
}

function one(what: string, cidr: string | undefined): OwnRange[] {
  return cidr ? [{ what, cidr }] : [];
}

function ofVpc({ CidrBlock, CidrBlockAssociationSet, Ipv6CidrBlockAssociationSet }: Vpc): OwnRange[] {
  return [
    ...one('a VPC', CidrBlock),
    ...(CidrBlockAssociationSet ?? []).flatMap((each) => one('a VPC', each.CidrBlock)),
    ...(Ipv6CidrBlockAssociationSet ?? []).flatMap((each) => one('a VPC', each.Ipv6CidrBlock)),
  ];
}

function ofPeer(info: VpcPeeringConnectionVpcInfo | undefined): OwnRange[] {
  return [
    ...one('a peered VPC', info?.CidrBlock),
    ...(info?.CidrBlockSet ?? []).flatMap(({ CidrBlock }) => one('a peered VPC', CidrBlock)),
    ...(info?.Ipv6CidrBlockSet ?? []).flatMap(({ Ipv6CidrBlock }) => one('a peered VPC', Ipv6CidrBlock)),
  ];
}

function ofGateway({ NatGatewayAddresses }: NatGateway): OwnRange[] {
  return (NatGatewayAddresses ?? []).flatMap(({ PublicIp }) => one('a NAT gateway', PublicIp));
}

function ofInterface({ Association, Ipv6Addresses }: NetworkInterface): OwnRange[] {
  return [
    ...one('an address of this account', Association?.PublicIp),
    ...(Ipv6Addresses ?? []).flatMap(({ Ipv6Address }) => one('an address of this account', Ipv6Address)),
  ];
}
