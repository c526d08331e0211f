import type { NetworkAclEntry } from '@aws-sdk/client-ec2';
import { PlaybookError } from '../shared/errors';

/** The network ACL has no room: it is full of unexpired entries, or no number is free ahead of its other rules. */
export class NetworkAclFullError extends PlaybookError {}

/** Rule numbers that the playbook uses: below 100, where people's rules usually start, so that its denies come first. */
const numbers = { first: 1, last: 99 };
/**
 * Rules per direction and family, unless the quota was raised. The default denies (32767 for IPv4, 32768 for IPv6) count.
 * Source: VPC user guide, "Amazon VPC quotas".
 */
const quota = 20;
/** The default rules that EC2 puts last and that cannot be changed. */
const firstDefault = 32_767;

const isOurs = (number: number) => number >= numbers.first && number <= numbers.last;
const numberOf = ({ RuleNumber }: NetworkAclEntry) => RuleNumber ?? firstDefault;

/** The range of an entry. */
export function cidrOfEntry({ CidrBlock, Ipv6CidrBlock }: NetworkAclEntry): string | undefined {
  return CidrBlock ?? Ipv6CidrBlock;
}

/** Whether an entry is the playbook's deny of all traffic for a range. */
export function isDenyOf(cidr: string, entry: NetworkAclEntry): boolean {
  return entry.RuleAction === 'deny' && entry.Protocol === '-1' && cidrOfEntry(entry) === cidr;
}

/** The address family of an entry; EC2 counts the two apart. */
export function familyOf(range: string | undefined): 'IPv4' | 'IPv6' {
  return range?.includes(':') ? 'IPv6' : 'IPv4';
}

/** Whether either direction has reached its quota of rules for the family of a range. */
export function isFull(entries: readonly NetworkAclEntry[], cidr: string): boolean {
  const rules = entries.filter((entry) => familyOf(cidrOfEntry(entry)) === familyOf(cidr));
  return [true, false].some((egress) => rules.filter((entry) => entry.Egress === egress).length >= quota);
}

/**
 * The lowest number that is free in both directions and comes before every rule that is not the playbook's.
 * @throws NetworkAclFullError if there is none
 */
export function freeNumber(entries: readonly NetworkAclEntry[]): number {
  const taken = new Set(entries.map(numberOf));
  const others = entries.map(numberOf).filter((number) => !isOurs(number));
  const limit = Math.min(numbers.last, ...others.map((number) => number - 1));
  for (let number = numbers.first; number <= limit; number++) if (!taken.has(number)) return number;
  throw new NetworkAclFullError('The network ACL has no free rule number ahead of its other rules.');
}
