import { wordsOfFailure } from '../record/conclude';
import { failureSchema } from '../record/failure';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { noteBlock } from './block-store';
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
export const handler = step('judge-block', input, async ({ incident }, { config }) => {
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
  await noteBlock({ cidr: block.cidr, incidentId }, { status: 'ACTIVE' }, config);
  const where = [acl?.verdict === 'ADDED' ? 'the network ACL' : '', 'the WAF IP set'].filter(Boolean).join(' and ');
  return {
    outcome: 'BLOCKED',
    code: 'blocked',
    reason: `The range ${block.cidr} is blocked in ${where} until ${reservation.until} (verified).`,
  };
});
