import { ipRanges } from '../shared/clients/ip-ranges';
import { systemClock } from '../shared/clock';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import type { OwnRange } from './block-rules';
import { parseCidr } from './cidr';

const settings = z.object({
  /** Empty: only the managed prefix lists of AWS are read. */
  IP_RANGES_URL: z._default(z.optional(z.union([z.literal(''), z.matching(/^https:\/\//, 'an https URL')])), ''),
});

/** Source: VPC user guide, "AWS IP address ranges JSON syntax". */
const documentSchema = z.object({
  prefixes: z.array(z.object({ ip_prefix: z.string(), service: z.string() })).check(z.minLength(1)),
  ipv6_prefixes: z.array(z.object({ ipv6_prefix: z.string(), service: z.string() })),
});

/** Customers' instances, and the list of everything with them in it: an attacker may be there, like anywhere else. */
const notServices = ['AMAZON', 'EC2'];

/** How long a container keeps what it has read, and how long it goes by that where it cannot read it again, in milliseconds. */
const freshMs = 6 * 3_600_000;
const staleMs = 7 * 24 * 3_600_000;
let kept: { from: unknown; at: number; ranges: OwnRange[] } | undefined;

/**
 * The ranges of AWS services that AWS publishes, of which many are in no prefix list: blocking one takes a second yes. If
 * they cannot be read, that is unknown of every range, and so each takes a second yes. Nothing if the stage does not want it.
 */
export async function readServiceRanges(): Promise<OwnRange[]> {
  const { IP_RANGES_URL } = parseWith(settings, process.env, 'environment');
  if (!IP_RANGES_URL) return [];
  const now = systemClock.now().getTime();
  const known = kept?.from === ipRanges.read ? kept : undefined;
  if (known && now - known.at < freshMs) return known.ranges;
  try {
    const ranges = rangesIn(await ipRanges.read(IP_RANGES_URL));
    kept = { from: ipRanges.read, at: now, ranges };
    return ranges;
  } catch (error) {
    return known && now - known.at < staleMs ? known.ranges : unknown(error);
  }
}

/** @throws SyntaxError, InvalidInputError or NotACidrError where it is not the document that AWS describes */
function rangesIn(text: string): OwnRange[] {
  const { prefixes, ipv6_prefixes } = parseWith(documentSchema, JSON.parse(text), 'ip-ranges');
  const all = [
    ...prefixes.map(({ ip_prefix: cidr, service }) => ({ cidr, service })),
    ...ipv6_prefixes.map(({ ipv6_prefix: cidr, service }) => ({ cidr, service })),
  ];
  return all
    .filter(({ service }) => !notServices.includes(service))
    .map(({ cidr, service }) => ({
      what: `an AWS service (${service.slice(0, 60)})`,
      cidr: parseCidr(cidr).text,
      kind: 'aws' as const,
    }));
}

/** Every address, since nobody knows which: the request says why it takes two people. */
function unknown(error: unknown): OwnRange[] {
  const why = error instanceof Error ? error.name : 'unknown';
  const what = `what may be an AWS service (ip-ranges.json could not be read: ${why})`;
  return ['0.0.0.0/0', '::/0'].map((cidr) => ({ what, cidr, kind: 'aws' as const }));
}
