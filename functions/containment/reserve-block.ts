import { step } from '../incident/ending-step';
import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { reserveBlock } from './block-store';
import { assertMayBlock, blockingIncidentSchema } from './blocking';

const input = z.object({ incident: blockingIncidentSchema });

/** Records the block and its expiry before anything is changed, so that the schedule removes even what a crash left incomplete. */
export const handler = step('reserve-block', input, async ({ incident }, tools) => {
  const { clock, config } = tools;
  const { incidentId, block } = incident;
  await assertMayBlock(incident, tools);
  const now = clock.now();
  const until = new Date(now.getTime() + block.minutes * 60_000).toISOString();
  const { cidr, family } = block;
  const stands = await reserveBlock(
    { cidr, family, incidentId, since: now.toISOString(), until, status: 'ADDING' },
    config,
  );
  if (stands.incidentId !== incidentId) {
    const reason = `Incident ${stands.incidentId} has already blocked ${cidr} until ${stands.until}.`;
    return { verdict: 'TAKEN', conclusion: { outcome: 'SKIPPED', code: 'already-blocked', reason } };
  }
  const what = `Blocking ${cidr} until ${stands.until}.`;
  const entry = { key: 'block-reserved', at: now.toISOString(), what, revert: 'removed on a schedule' };
  await writeEntry(incidentId, entry, config);
  return { verdict: 'RESERVED', until: stands.until };
});
