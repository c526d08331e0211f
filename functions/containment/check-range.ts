import { wordsOf } from '../approval/targets';
import { step } from '../incident/ending-step';
import type { Refusal } from '../record/conclusion';
import { writeEntry } from '../record/store';
import type { Config } from '../shared/config';
import * as z from '../shared/schema';
import { awsServiceOf, refuseBlock } from './block-rules';
import { readBlock } from './block-store';
import { addressesOf, blockingIncidentSchema } from './blocking';
import { parseCidr } from './cidr';
import { readOwnRanges } from './own-ranges';
import { readBlockSettings, widestPrefix } from './settings';

const input = z.object({ incident: blockingIncidentSchema });

/**
 * Decides whether the range may be blocked, and records the plan; of several ranges, those that may not are left out. Our
 * own ranges stay in here: an account may have more of them than an execution's state can hold.
 */
export const handler = step('check-range', input, async ({ incident }, { clock, config }) => {
  const { block, incidentId } = incident;
  const settings = readBlockSettings();
  const own = await readOwnRanges();
  const at = clock.now().toISOString();
  const addresses = addressesOf(incident);
  const refusals = new Map<string, Refusal>();
  for (const { cidr } of addresses) {
    const refusal =
      refuseBlock(parseCidr(cidr), own, widestPrefix(settings)) ?? (await alreadyBlocked(cidr, incidentId, config));
    if (!refusal) continue;
    refusals.set(cidr, refusal);
    if (addresses.length > 1)
      await writeEntry(incidentId, { key: `refused#${cidr}`, at, what: refusal.reason }, config);
  }
  const eligible = addresses.filter(({ cidr }) => !refusals.has(cidr));
  const [refusal] = refusals.values();
  if (eligible.length === 0 && refusal) return { verdict: 'REFUSED', conclusion: { outcome: 'SKIPPED', ...refusal } };
  const place = settings.BLOCK_NETWORK_ACL_ID ? { networkAclId: settings.BLOCK_NETWORK_ACL_ID } : {};
  const inAws = eligible.flatMap(({ cidr }) => {
    const what = awsServiceOf(parseCidr(cidr), own);
    return what ? [{ cidr, what }] : [];
  });
  const aws = inAws.length > 0 ? { awsRanges: inAws } : {};
  const cidrs = eligible.map(({ cidr }) => cidr);
  const what = wordsOf('block', { cidrs, minutes: block.minutes, ...place, ...aws });
  await writeEntry(incidentId, { key: 'plan', at, what }, config);
  return { verdict: 'ELIGIBLE', what, ...place, ...aws, ...(addresses.length > 1 ? { addresses: eligible } : {}) };
});

async function alreadyBlocked(cidr: string, incidentId: string, config: Config): Promise<Refusal | undefined> {
  const known = await readBlock(cidr, config);
  if (!known || known.incidentId === incidentId) return undefined;
  const reason = `Incident ${known.incidentId} has already blocked ${cidr} until ${known.until}.`;
  return { code: 'already-blocked', reason };
}
