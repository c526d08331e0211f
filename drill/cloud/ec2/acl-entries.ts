import type { NetworkAclEntry } from '@aws-sdk/client-ec2';
import ipaddr from 'ipaddr.js';
import { invalidParameter } from './errors';

type Range = Pick<NetworkAclEntry, 'CidrBlock' | 'Ipv6CidrBlock'>;

/** The family whose quota an entry counts towards. */
export const familyOf = ({ Ipv6CidrBlock }: Range) => (Ipv6CidrBlock ? 'IPv6' : 'IPv4');

/**
 * The range of an entry as EC2 keeps it: 100.68.0.18/18 becomes 100.68.0.0/18.
 * Source: EC2 API reference, CreateNetworkAclEntry.
 * @throws InvalidParameterValue unless it is one range of its family
 */
export function canonical({ CidrBlock, Ipv6CidrBlock }: Range): Range {
  const text = CidrBlock ?? Ipv6CidrBlock ?? '';
  if ((CidrBlock && Ipv6CidrBlock) || !ipaddr.isValidCIDR(text)) throw invalid(text);
  const [address, prefix] = ipaddr.parseCIDR(text);
  if (address.kind() !== (CidrBlock ? 'ipv4' : 'ipv6')) throw invalid(text);
  const network = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  const range = `${network.networkAddressFromCIDR(text).toString()}/${prefix}`;
  return CidrBlock ? { CidrBlock: range } : { Ipv6CidrBlock: range };
}

const invalid = (text: string) => invalidParameter(`Value (${text}) for parameter cidrBlock is invalid.`);

/**
 * Whether the entries let traffic with a remote address pass in one direction: the entry with the lowest number that
 * matches decides. Only entries for all protocols are looked at, since a flow has no port here.
 * Source: VPC user guide, "Network ACL rules".
 */
export function lets(entries: readonly NetworkAclEntry[], remote: string, egress: boolean): boolean {
  const address = ipaddr.parse(remote);
  const [first] = entries
    .filter((entry) => entry.Egress === egress && entry.Protocol === '-1' && covers(entry, address))
    .sort((one, other) => one.RuleNumber! - other.RuleNumber!);
  return first?.RuleAction === 'allow';
}

function covers({ CidrBlock, Ipv6CidrBlock }: Range, address: ReturnType<typeof ipaddr.parse>): boolean {
  const [network, prefix] = ipaddr.parseCIDR(CidrBlock ?? Ipv6CidrBlock ?? '0.0.0.0/32');
  return network.kind() === address.kind() && address.match(network, prefix);
}
