import { step } from '../incident/ending-step';
import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import type { StepTools } from '../shared/step';
import { reserveBlock } from './block-store';
import {
  addressesOf,
  type BlockCheck,
  type BlockingIncident,
  blockCheck,
  blockingIncidentSchema,
  entryKeyOf,
  isOfOneAddress,
} from './blocking';
import type { Address, Block } from './blocks';

const input = z.object({ incident: z.omit(blockingIncidentSchema, { reservation: true }) });

/**
 * Records each block and its expiry before anything is changed, so that the schedule removes even what a crash left
 * incomplete. Of several addresses, one that is refused or already blocked is left out.
 */
export const handler = step('reserve-block', input, async ({ incident }, tools) => {
  const check = blockCheck(incident, tools);
  const addresses = addressesOf(incident);
  const held: Block[] = [];
  const taken: Block[] = [];
  for (const address of addresses) {
    const block = await reserve(address, incident, check, tools).catch((error: unknown) => {
      if (addresses.length === 1 || !isOfOneAddress(error)) throw error;
      return leaveOut(address, error.message, incident, tools);
    });
    if (block) (block.incidentId === incident.incidentId ? held : taken).push(block);
  }
  const [first] = held;
  if (first) return { verdict: 'RESERVED', until: first.until, cidrs: held.map(({ cidr }) => cidr) };
  const [other] = taken;
  const reason = other ? whoHas(other) : 'No address of the request may be blocked any more; the timeline says why.';
  return {
    verdict: 'TAKEN',
    conclusion: { outcome: 'SKIPPED', code: other ? 'already-blocked' : 'own-range', reason },
  };
});

const whoHas = ({ incidentId, cidr, until }: Block) =>
  `Incident ${incidentId} has already blocked ${cidr} until ${until}.`;

async function reserve(
  { cidr, family }: Address,
  incident: BlockingIncident,
  check: BlockCheck,
  { clock, config }: StepTools,
): Promise<Block> {
  await check(cidr);
  const { incidentId, block } = incident;
  const now = clock.now();
  const until = new Date(now.getTime() + block.minutes * 60_000).toISOString();
  const stands = await reserveBlock(
    { cidr, family, incidentId, since: now.toISOString(), until, status: 'ADDING' },
    config,
  );
  const isOurs = stands.incidentId === incidentId;
  const what = isOurs ? `Blocking ${cidr} until ${stands.until}.` : whoHas(stands);
  const key = entryKeyOf(isOurs ? 'block-reserved' : 'block-taken', incident, cidr);
  const entry = { key, at: now.toISOString(), what, ...(isOurs ? { revert: 'removed on a schedule' } : {}) };
  if (isOurs || addressesOf(incident).length > 1) await writeEntry(incidentId, entry, config);
  return stands;
}

async function leaveOut({ cidr }: Address, why: string, incident: BlockingIncident, { clock, config }: StepTools) {
  const entry = { key: entryKeyOf('block-refused', incident, cidr), at: clock.now().toISOString(), what: why };
  await writeEntry(incident.incidentId, entry, config);
  return undefined;
}
