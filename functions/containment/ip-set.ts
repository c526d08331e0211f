import { GetIPSetCommand, UpdateIPSetCommand } from '@aws-sdk/client-wafv2';
import { ThrottledError } from '../shared/aws-errors';
import { waf } from '../shared/clients/waf';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { parseCidr } from './cidr';

const environment = z.object({
  IP_SET_NAME_IPV4: z.string(),
  IP_SET_ID_IPV4: z.string(),
  IP_SET_NAME_IPV6: z.string(),
  IP_SET_ID_IPV6: z.string(),
});

/** The stage's IP set for an address family. @throws InvalidInputError naming the missing variable */
export function ipSetOf(family: 'IPv4' | 'IPv6') {
  const found = parseWith(environment, process.env, 'environment');
  const suffix = family === 'IPv4' ? 'IPV4' : 'IPV6';
  return { Name: found[`IP_SET_NAME_${suffix}`], Id: found[`IP_SET_ID_${suffix}`], Scope: 'REGIONAL' as const };
}

/** Whether an address of an IP set is this range, in any notation that WAF uses. */
export const isRange = (cidr: string) => (address: string) => parseCidr(address).text === cidr;

/** How often a lost race for the lock token is retried before Step Functions retries with jitter. */
const tries = 5;

/**
 * Changes an IP set's addresses under its lock token; if the set has changed in between, it is read again.
 * @param change returns the new addresses, or undefined if there is nothing to change
 */
export async function changeIpSet(
  ipSet: ReturnType<typeof ipSetOf>,
  change: (addresses: string[]) => string[] | undefined,
): Promise<void> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const { IPSet, LockToken } = await waf.send(new GetIPSetCommand(ipSet));
    const Addresses = change(IPSet?.Addresses ?? []);
    if (!Addresses) return;
    try {
      await waf.send(new UpdateIPSetCommand({ ...ipSet, Addresses, LockToken }));
      return;
    } catch (error) {
      if (!(error instanceof Error && error.name === 'WAFOptimisticLockException')) throw error;
    }
  }
  throw new ThrottledError(`Lost the race for the IP set ${ipSet.Name} ${tries} times.`);
}

export async function readIpSet(ipSet: ReturnType<typeof ipSetOf>): Promise<string[]> {
  const { IPSet } = await waf.send(new GetIPSetCommand(ipSet));
  return IPSet?.Addresses ?? [];
}
