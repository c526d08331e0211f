import {
  DescribeAddressesCommand,
  DescribeCustomerGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  DescribeVpnConnectionsCommand,
  type NatGateway,
  type NetworkInterface,
  type Vpc,
  type VpcPeeringConnectionVpcInfo,
  type VpnConnection,
} from '@aws-sdk/client-ec2';
import { ec2 } from '../shared/clients/ec2';
import { readConfig } from '../shared/config';
import type { OwnRange } from './block-rules';
import { pages } from './pages';
import { entriesOf, readPrefixLists } from './prefix-lists';
import { readServiceRanges } from './service-ranges';
import { readNeverBlock } from './settings';

/**
 * Without it EC2 answers everything at once, and fails where there are many interfaces.
 * Source: EC2 API reference, DescribeNetworkInterfaces.
 */
const MaxResults = 1_000;
/** What is gone stays listed for a while. Sources: VPC peering guide, "Lifecycle"; VPC user guide, "NAT gateways". */
const isGone = (state: string | undefined) => /^(deleted|rejected|expired|failed)$/.test(state ?? '');

/**
 * Reads our own ranges: VPCs, peered VPCs, both ends of VPN connections, managed prefix lists, the stage's never-block list,
 * and public addresses of the account, those of NAT gateways and load balancers among them; and the ranges of AWS services.
 * Changes nothing. A read that fails is an error: then nothing is blocked.
 */
export async function readOwnRanges(): Promise<OwnRange[]> {
  const [vpcs, peerings, addresses, gateways, interfaces, vpns, customers, lists, never, services] = await Promise.all([
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
    ec2.send(new DescribeVpnConnectionsCommand({})),
    ec2.send(new DescribeCustomerGatewaysCommand({})),
    readPrefixLists(readConfig().ACCOUNT_IDS),
    readNever(),
    readServiceRanges(),
  ]);
  const own: OwnRange[] = [
    ...never,
    ...vpcs.flatMap(ofVpc),
    ...peerings
      .filter(({ Status }) => !isGone(Status?.Code))
      .flatMap(({ AccepterVpcInfo, RequesterVpcInfo }) => [...ofPeer(AccepterVpcInfo), ...ofPeer(RequesterVpcInfo)]),
    ...(addresses.Addresses ?? []).flatMap(({ PublicIp }) => one('an Elastic IP of this account', PublicIp)),
    ...gateways.filter(({ State }) => !isGone(State)).flatMap(ofGateway),
    ...interfaces.flatMap(ofInterface),
    ...(vpns.VpnConnections ?? []).filter(({ State }) => !isGone(State)).flatMap(ofVpn),
    ...(customers.CustomerGateways ?? [])
      .filter(({ State }) => !isGone(State))
      .flatMap(({ IpAddress }) => one('a customer gateway of a VPN', IpAddress)),
    ...lists,
    ...services,
  ];
  // What is in several places counts as the first of them: the stage's own list, ours, and AWS last.
  return [...new Map(own.toReversed().map((range) => [range.cidr, range])).values()].toReversed();
}

/** The stage's never-block list, with the entries of its prefix lists. */
async function readNever(): Promise<OwnRange[]> {
  const { cidrs, prefixListIds } = readNeverBlock();
  const listed = await Promise.all(prefixListIds.map(entriesOf));
  const what = 'on the never-block list of this stage';
  return [...cidrs, ...listed.flat()].map((cidr) => ({ what, cidr, kind: 'never' as const }));
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

/** AWS's side of the tunnels. Source: EC2 API reference, "TunnelOption" and "VgwTelemetry". */
function ofVpn({ Options, VgwTelemetry }: VpnConnection): OwnRange[] {
  const outside = [...(Options?.TunnelOptions ?? []), ...(VgwTelemetry ?? [])];
  return outside.flatMap(({ OutsideIpAddress }) => one('a VPN tunnel', OutsideIpAddress));
}

/** Load balancers and NAT gateways have interfaces too. Source: ELB user guide (`ELB app/…`); EC2 API, "InterfaceType". */
function ofInterface({ Association, Ipv6Addresses, Description, InterfaceType }: NetworkInterface): OwnRange[] {
  const isBalancer = Description?.startsWith('ELB ') || /load_balancer/.test(InterfaceType ?? '');
  const what = isBalancer ? 'a load balancer' : 'an address of this account';
  return [
    ...one(what, Association?.PublicIp),
    ...(Ipv6Addresses ?? []).flatMap(({ Ipv6Address }) => one(what, Ipv6Address)),
  ];
}
