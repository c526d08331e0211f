import type { Filter } from '@aws-sdk/client-ec2';
import { type CommandModel, reads } from '../service';
import { applyFilters, type FilterValues, page } from './filters';

/** What the account's network is: one VPC with both families, a peering and a NAT gateway that are gone, and one peering. */
export const vpcRanges = {
  ipv4: '10.0.0.0/16',
  ipv6: '2600:1f18:1234:5600::/56',
  peered: '11.20.0.0/16',
  formerlyPeered: '11.30.0.0/16',
  formerGateway: '203.0.113.250',
};

const vpcId = 'vpc-0a1b2c3d4e5f60718';
const tags: ReadonlyMap<string, string> = new Map();
const vpcs = [
  {
    tags,
    VpcId: vpcId,
    CidrBlock: vpcRanges.ipv4,
    CidrBlockAssociationSet: [{ CidrBlock: vpcRanges.ipv4, CidrBlockState: { State: 'associated' as const } }],
    Ipv6CidrBlockAssociationSet: [
      { Ipv6CidrBlock: vpcRanges.ipv6, Ipv6CidrBlockState: { State: 'associated' as const } },
    ],
  },
];
const peering = (id: string, Code: 'active' | 'deleted', range: string) => ({
  tags,
  VpcPeeringConnectionId: id,
  Status: { Code },
  RequesterVpcInfo: { VpcId: vpcId, CidrBlock: vpcRanges.ipv4 },
  AccepterVpcInfo: { CidrBlock: range, CidrBlockSet: [{ CidrBlock: range }] },
});
/** A deleted one stays listed for a while. Source: VPC peering guide, "VPC peering connection lifecycle". */
const peerings = [
  peering('pcx-0a1b2c3d4e5f60718', 'active', vpcRanges.peered),
  peering('pcx-0dead000000000000', 'deleted', vpcRanges.formerlyPeered),
];
/** So does a NAT gateway, for about an hour. Source: VPC user guide, "NAT gateways", DeleteNatGateway. */
const gateways = [
  {
    tags,
    NatGatewayId: 'nat-0dead000000000000',
    VpcId: vpcId,
    State: 'deleted' as const,
    NatGatewayAddresses: [{ PublicIp: vpcRanges.formerGateway }],
  },
];

interface Asked {
  Filters?: Filter[];
  Filter?: Filter[];
  MaxResults?: number;
  NextToken?: string;
}

/** Lists things as every Describe call does: filtered, and in pages where asked. */
function listing<Item extends { readonly tags: ReadonlyMap<string, string> }>(
  name: string,
  all: readonly Item[],
  values: FilterValues<Item>,
): CommandModel {
  return reads<Asked, object>((input) => {
    const found = applyFilters(all, input.Filters ?? input.Filter, values);
    const { items, nextToken } = page(found, input);
    return { [name]: items.map(({ tags: _, ...view }) => view), ...(nextToken && { NextToken: nextToken }) };
  });
}

/** Commands that describe the network around the instances. Source: EC2 API reference. */
export function vpcCommands(): Record<string, CommandModel> {
  return {
    DescribeVpcs: listing('Vpcs', vpcs, { 'vpc-id': ({ VpcId }) => [VpcId], cidr: ({ CidrBlock }) => [CidrBlock] }),
    DescribeVpcPeeringConnections: listing('VpcPeeringConnections', peerings, {
      'status-code': ({ Status }) => [Status.Code],
      'vpc-peering-connection-id': ({ VpcPeeringConnectionId }) => [VpcPeeringConnectionId],
    }),
    DescribeNatGateways: listing('NatGateways', gateways, {
      state: ({ State }) => [State],
      'vpc-id': ({ VpcId }) => [VpcId],
      'nat-gateway-id': ({ NatGatewayId }) => [NatGatewayId],
    }),
  };
}
