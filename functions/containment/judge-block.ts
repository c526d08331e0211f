import { assertInTurn, OutOfTurnError } from '../guard/in-turn';
import { noteEnd } from '../incident/ends';
import { wordsOfFailure } from '../record/conclude';
import { failureSchema } from '../record/failure';
import { hasEntry } from '../record/store';
import type { Config } from '../shared/config';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { noteBlock, readBlock } from './block-store';
import { blockingIncidentSchema } from './blocking';
import { placedSchema } from './blocks';

const input = z.object({
  incident: z.extend(blockingIncidentSchema, {
    reservation: z.object({ until: z.string() }),
    acl: z.optional(placedSchema),
    ipSet: z.optional(placedSchema),
    failures: z.optional(z.record(z.string(), failureSchema)),
  }),
});

/** BLOCKED only if every configured place has the range, verified; otherwise PARTIAL, listing where it is missing. */
export const handler = step('judge-block', input, async ({ incident }, { clock, config }) => {
  const { incidentId, block, acl, ipSet, reservation, failures = {} } = incident;
  const failed = Object.entries(failures).map(([place, failure]) => `${place} (${wordsOfFailure(failure)})`);
  if (!acl && !ipSet) {
    const reason = `The range ${block.cidr} is not blocked: ${failed.join('; ')}.`;
    return { outcome: 'FAILED', code: 'not-blocked', reason };
  }
  if (failed.length > 0) {
    const reason = `The range ${block.cidr} is only partly blocked, until ${reservation.until}. Missing: ${failed.join('; ')}.`;
    return { outcome: 'PARTIAL', code: 'partly-blocked', reason };
  }
  await assertInTurn(incident, config);
  await assertPlaced(block.cidr, incidentId, config);
  await noteBlock({ cidr: block.cidr, incidentId }, { status: 'ACTIVE' }, config);
  const where = [acl?.verdict === 'ADDED' ? 'the network ACL' : '', 'the WAF IP set'].filter(Boolean).join(' and ');
  const reason = `The range ${block.cidr} is blocked in ${where} until ${reservation.until} (verified).`;
  const conclusion = { outcome: 'BLOCKED', code: 'blocked', reason } as const;
  await noteEnd(incident, conclusion, clock.now(), config);
  return conclusion;
});

/** The steps that add the range record it once it is verified; their results in the input prove nothing. */
async function assertPlaced(cidr: string, incidentId: string, config: Config): Promise<void> {
  const isReserved = (await readBlock(cidr, config))?.incidentId === incidentId;
  if (isReserved && (await hasEntry(incidentId, 'ip-set-entry-added', config))) return;
  throw new OutOfTurnError(`The record of incident ${incidentId} does not say that ${cidr} was blocked.`);
}
