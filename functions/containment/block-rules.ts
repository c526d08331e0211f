import type { Refusal } from '../record/conclusion';
import { type Cidr, overlap, parseCidr, reservedName } from './cidr';

/** A range that is not blocked like any other, with a description: "a VPC", "a peered VPC", "an AWS service (…)". */
export interface OwnRange {
  what: string;
  cidr: string;
  /** Ours by default; never: on the stage's never-block list; aws: of an AWS service, which takes a second yes. */
  kind?: 'never' | 'aws';
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
  const ours = own.find((range) => range.kind !== 'aws' && overlap(cidr, parseCidr(range.cidr)));
  if (!ours) return undefined;
  const code = ours.kind === 'never' ? 'never-block' : 'own-range';
  return { code, reason: `The range ${cidr.text} overlaps ${ours.cidr}, which is ${ours.what}.` };
}

/** The AWS service that a range overlaps, if any: blocking it takes the yes of two people. Pure. */
export function awsServiceOf(cidr: Cidr, own: readonly OwnRange[]): string | undefined {
  return own.find((range) => range.kind === 'aws' && overlap(cidr, parseCidr(range.cidr)))?.what;
}
