import { type CommandModel, reads } from '../service';

/** What the account's network is: one VPC with both families, one peering, no NAT gateway. */
export const vpcRanges = { ipv4: '10.0.0.0/16', ipv6: '2600:1f18:1234:5600::/56', peered: '11.20.0.0/16' };

/** Commands that describe the network around the instances. Source: EC2 API reference. */
export function vpcCommands(): Record<string, CommandModel> {
  const vpc = {
    VpcId: 'vpc-0a1b2c3d4e5f60718',
    CidrBlock: vpcRanges.ipv4,
    CidrBlockAssociationSet: [{ CidrBlock: vpcRanges.ipv4 }],
    Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: vpcRanges.ipv6 }],
  };
  const peering = {
    RequesterVpcInfo: { CidrBlock: vpcRanges.ipv4 },
    AccepterVpcInfo: { CidrBlock: vpcRanges.peered, CidrBlockSet: [{ CidrBlock: vpcRanges.peered }] },
  };
  return {
    DescribeVpcs: reads<object, object>(() => ({ Vpcs: [vpc] })),
    DescribeVpcPeeringConnections: reads<object, object>(() => ({ VpcPeeringConnections: [peering] })),
    DescribeNatGateways: reads<object, object>(() => ({ NatGateways: [] })),
  };
}
