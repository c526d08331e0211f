import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';
import { PlaybookError } from '../shared/errors';

/** The text is neither an address nor a CIDR block. */
export class NotACidrError extends PlaybookError {}

export interface Cidr {
  family: 'IPv4' | 'IPv6';
  /** The canonical network, for example 198.51.100.0/24. */
  text: string;
  prefix: number;
  network: IPv4 | IPv6;
}

/**
 * Parses an address or a CIDR block, IPv4 or IPv6, to its network; an IPv4-mapped IPv6 address counts as IPv4.
 * @throws NotACidrError; shorthand and octal forms, which parsers read differently, are not accepted
 */
export function parseCidr(text: string): Cidr {
  const [address = '', length, ...more] = text.split('/');
  const isWritten = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address);
  const isPrefix = length === undefined || /^(0|[1-9]\d{0,2})$/.test(length);
  if (!isWritten || !isPrefix || more.length > 0 || address.includes('%'))
    throw new NotACidrError('The input is neither an IP address nor a CIDR block.');
  const parsed = ipaddr.parse(address);
  const bits = parsed.kind() === 'ipv4' ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits) throw new NotACidrError(`The prefix length ${prefix} is longer than the address.`);
  if ('isIPv4MappedAddress' in parsed && parsed.isIPv4MappedAddress() && prefix >= 96)
    return cidrOf(parsed.toIPv4Address(), prefix - 96);
  return cidrOf(parsed, prefix);
}

function cidrOf(address: IPv4 | IPv6, prefix: number): Cidr {
  const bytes = address.toByteArray().map((byte, index) => {
    const kept = Math.min(8, Math.max(0, prefix - index * 8));
    return byte & (0xff << (8 - kept)) & 0xff;
  });
  const network = ipaddr.fromByteArray(bytes);
  const family = network.kind() === 'ipv4' ? 'IPv4' : 'IPv6';
  return { family, prefix, network, text: `${network.toString()}/${prefix}` };
}

/** Whether two ranges overlap; the text of an IPv4 range is never that of an IPv6 range. */
export function overlap(one: Cidr, other: Cidr): boolean {
  const shorter = Math.min(one.prefix, other.prefix);
  return cidrOf(one.network, shorter).text === cidrOf(other.network, shorter).text;
}

/**
 * Ranges that are never on the public internet, that have a special purpose, or that a VPC depends on. Source: IANA
 * special-purpose address registries, IPv4 and IPv6 (RFC 6890), and the VPC user guide (169.254.169.253 is the resolver,
 * 169.254.169.254 the metadata service). The ranges for documentation are left out: drills block them.
 */
const reserved: readonly [name: string, ...ranges: string[]][] = [
  ['private', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
  ['link-local', '169.254.0.0/16', 'fe80::/10'],
  ['loopback', '127.0.0.0/8', '::1/128'],
  ['carrier-grade NAT', '100.64.0.0/10'],
  ['multicast', '224.0.0.0/4', 'ff00::/8'],
  ['for IETF protocols, Teredo among them', '192.0.0.0/24', '2001::/23'],
  ['for translation between IPv4 and IPv6', '::ffff:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48', '2002::/16'],
  ['for benchmarks', '198.18.0.0/15'],
  ['an anycast service of the internet', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.175.48.0/24'],
  ['an anycast service of the internet', '2620:4f:8000::/48'],
  ['discarded by routers', '100::/64', '100:0:0:1::/64'],
  ['for segment routing or documentation', '5f00::/16', '3fff::/20'],
  ['unspecified or reserved', '0.0.0.0/8', '240.0.0.0/4', '::/128'],
];

/** The name of the reserved range that a CIDR block overlaps, if any. */
export function reservedName(cidr: Cidr): string | undefined {
  return reserved.find(([, ...ranges]) => ranges.some((range) => overlap(cidr, asIs(range))))?.[0];
}

/** Parses one of our own constants, including the mapped range, which `parseCidr` would treat as IPv4. */
function asIs(range: string): Cidr {
  const [address, prefix] = range.split('/');
  return cidrOf(ipaddr.parse(address!), Number(prefix));
}
