import { assertInTurn, OutOfTurnError } from '../guard/in-turn';
import { noteEnd } from '../incident/ends';
import { wordsOfFailure } from '../record/conclude';
import { failureSchema } from '../record/failure';
import { hasEntry } from '../record/store';
import type { Config } from '../shared/config';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { noteBlock, readBlock } from './block-store';
import { addressesOf, type BlockingIncident, blockingIncidentSchema, entryKeyOf } from './blocking';
import { type Placed, placedSchema } from './blocks';

const input = z.object({
  incident: z.extend(blockingIncidentSchema, {
    reservation: z.object({ until: z.string(), cidrs: z.optional(z.array(z.string())) }),
    acl: z.optional(placedSchema),
    ipSet: z.optional(placedSchema),
    failures: z.optional(z.record(z.string(), failureSchema)),
  }),
});

/** BLOCKED only if every configured place has every range, verified; otherwise PARTIAL, listing where it is missing. */
export const handler = step('judge-block', input, async ({ incident }, { clock, config }) => {
  const { acl, ipSet, reservation, failures = {} } = incident;
  const failed = [
    ...Object.entries(failures).map(([place, failure]) => `${place} (${wordsOfFailure(failure)})`),
    ...missingIn('acl', acl),
    ...missingIn('ipSet', ipSet),
  ];
  const addresses = addressesOf(incident);
  const ranges = addresses.length === 1 ? `The range ${addresses[0]!.cidr} is` : `The ${addresses.length} ranges are`;
  if (!acl && !ipSet) {
    const reason = `${ranges} not blocked: ${failed.join('; ')}.`;
    return { outcome: 'FAILED', code: 'not-blocked', reason };
  }
  if (failed.length > 0) {
    const reason = `${ranges} only partly blocked, until ${reservation.until}. Missing: ${failed.join('; ')}.`;
    return { outcome: 'PARTIAL', code: 'partly-blocked', reason };
  }
  await assertInTurn(incident, config);
  for (const { cidr } of addresses) {
    await assertPlaced(cidr, incident, config);
    await noteBlock({ cidr, incidentId: incident.incidentId }, { status: 'ACTIVE' }, config);
  }
  const where = [acl?.verdict === 'ADDED' ? 'the network ACL' : '', 'the WAF IP set'].filter(Boolean).join(' and ');
  const reason = `${ranges} blocked in ${where} until ${reservation.until} (verified).`;
  const conclusion = { outcome: 'BLOCKED', code: 'blocked', reason } as const;
  await noteEnd(incident, conclusion, clock.now(), config);
  return conclusion;
});

/** What a place does not have, one item per reason. */
function missingIn(place: string, placed: Placed | undefined): string[] {
  const missing = placed?.missing ?? [];
  return [...new Set(missing.map(({ why }) => why))].map((reason) => {
    const cidrs = missing.filter(({ why }) => why === reason).map(({ cidr }) => cidr);
    return `${place} without ${cidrs.join(', ')} (${reason})`;
  });
}

/** The steps that add a range record it once it is verified; their results in the input prove nothing. */
async function assertPlaced(cidr: string, incident: BlockingIncident, config: Config): Promise<void> {
  const { incidentId } = incident;
  const isReserved = (await readBlock(cidr, config))?.incidentId === incidentId;
  if (isReserved && (await hasEntry(incidentId, entryKeyOf('ip-set-entry-added', incident, cidr), config))) return;
  throw new OutOfTurnError(`The record of incident ${incidentId} does not say that ${cidr} was blocked.`);
}
