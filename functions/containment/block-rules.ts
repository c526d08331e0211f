import type { Refusal } from '../record/conclusion';
import { type Cidr, overlap, parseCidr, reservedName } from './cidr';

/** Our own ranges, each with a description: "a VPC", "a peered VPC", "an address of this account". */
export interface OwnRange {
  what: string;
  cidr: string;
}

/** The widest ranges that the stage blocks, as prefix lengths. */
export interface WidestPrefix {
  ipv4: number;
  ipv6: number;
}

/** Why a range may not be blocked, or undefined if it may. The first rule that refuses gives the reason. Pure. */
export function refuseBlock(cidr: Cidr, own: readonly OwnRange[], widest: WidestPrefix): Refusal | undefined {
  const limit = cidr.family === 'IPv4' ? widest.ipv4 : widest.ipv6;
  if (cidr.prefix < limit) {
    return {
      code: 'too-wide',
      reason: `The range ${cidr.text} is wider than /${limit}, the widest that this stage blocks.`,
    };
  }
  const name = reservedName(cidr);
  if (name) return { code: 'reserved-range', reason: `The range ${cidr.text} overlaps a range that is ${name}.` };
  const ours = own.find((range) => overlap(cidr, parseCidr(range.cidr)));
  if (ours)
    return { code: 'own-range', reason: `The range ${cidr.text} overlaps ${ours.cidr}, which is ${ours.what}.` };
  return undefined;
}
