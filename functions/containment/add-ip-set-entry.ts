import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { type StepTools, step } from '../shared/step';
import { noteBlock } from './block-store';
import {
  addressesOf,
  type BlockingIncident,
  blockCheck,
  blockingIncidentSchema,
  entryKeyOf,
  isOfOneAddress,
  RangeRefusedError,
} from './blocking';
import type { Address } from './blocks';
import { NotVerifiedError } from './group-rules';
import { changeIpSet, ipSetOf, isRange, readIpSet } from './ip-set';

const input = z.object({ incident: blockingIncidentSchema });

/** Adds each range to the stage's WAF IP set of its family and verifies it. Idempotent; the schedule removes it again. */
export const handler = step('add-ip-set-entry', input, async ({ incident }, tools) => {
  const addresses = addressesOf(incident);
  const check = blockCheck(incident, tools);
  const allowed: Address[] = [];
  const missing: { cidr: string; why: string }[] = [];
  let refused: Error | undefined;
  for (const address of addresses) {
    try {
      await check(address.cidr);
      allowed.push(address);
    } catch (error) {
      if (!isOfOneAddress(error)) throw error;
      refused ??= error;
      missing.push({ cidr: address.cidr, why: error.message });
    }
  }
  if (allowed.length === 0) throw refused ?? new RangeRefusedError('There is nothing to block.');
  const names: string[] = [];
  for (const family of ['IPv4', 'IPv6'] as const) {
    const cidrs = allowed.filter((one) => one.family === family).map(({ cidr }) => cidr);
    if (cidrs.length > 0) names.push(await addAll(cidrs, ipSetOf(family), incident, tools));
  }
  return { verdict: 'ADDED', ipSet: names.join(', '), ...(missing.length > 0 ? { missing } : {}) };
});

/** In one change, since each needs the lock of the set. @returns the set's name */
async function addAll(
  cidrs: readonly string[],
  ipSet: ReturnType<typeof ipSetOf>,
  incident: BlockingIncident,
  { clock, config }: StepTools,
): Promise<string> {
  const { incidentId } = incident;
  for (const cidr of cidrs) await noteBlock({ cidr, incidentId }, { ipSet: { id: ipSet.Id } }, config);
  await changeIpSet(ipSet, (addresses) => {
    const added = cidrs.filter((cidr) => !addresses.some(isRange(cidr)));
    return added.length > 0 ? [...addresses, ...added] : undefined;
  });
  const present = await readIpSet(ipSet);
  for (const cidr of cidrs) {
    if (!present.some(isRange(cidr))) throw new NotVerifiedError(`The IP set ${ipSet.Name} does not contain ${cidr}.`);
    // Source: WAF developer guide, "Creating and managing an IP set": a few seconds to a number of minutes.
    const what = `Added ${cidr} to the IP set ${ipSet.Name}; AWS WAF applies it everywhere within minutes.`;
    const key = entryKeyOf('ip-set-entry-added', incident, cidr);
    await writeEntry(incidentId, { key, at: clock.now().toISOString(), what, revert: 'remove it' }, config);
  }
  return ipSet.Name;
}
