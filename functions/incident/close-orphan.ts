import { dropClaim, releaseLease } from '../guard/lease';
import { settleTurn } from '../guard/turn';
import { inPlace, stayOf } from '../place/in-place';
import { type NewIncident, newIncidentSchema } from '../record/incident';
import { closeRecord, findRecordOf, hasEntry, patchEntry, writeEntry } from '../record/store';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';

/** The fields needed from "Step Functions Execution Status Change" (Step Functions developer guide, "EventBridge"). */
const input = z.object({
  detail: z.object({
    executionArn: z.string().check(z.startsWith('arn:')),
    status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
  }),
});

const codesOfEnds = {
  FAILED: 'execution-failed',
  TIMED_OUT: 'execution-timed-out',
  ABORTED: 'execution-aborted',
} as const;

/**
 * Handles an execution that ended without closing its incident (timed out, aborted, or failed outside any Catch):
 * escalates the incident and releases its lease under the token it had.
 */
export const handler = step('close-orphan', input, async ({ detail }, { clock, config }) => {
  const record = await findRecordOf(detail.executionArn, config);
  if (record?.status !== 'OPEN') return { verdict: 'NOTHING_LEFT' };
  const incident = parseWith(newIncidentSchema, record, 'record');
  const now = clock.now();
  const reason = `The execution ended as ${detail.status} before the incident was closed. Check the instance: it may be stopped or out of service.`;
  const conclusion = {
    outcome: 'ESCALATED' as const,
    code: codesOfEnds[detail.status],
    reason,
  };
  const closing = await closeRecord(incident, conclusion, {}, now, config);
  await writeEntry(
    incident.incidentId,
    { key: 'closed', at: closing.closedAt, what: `${closing.outcome}: ${closing.reason}` },
    config,
  );
  await inPlace(stayOf({ incident }), () => letGo(incident, reason, now, config));
  return { verdict: 'ESCALATED', incidentId: incident.incidentId };
});

/** Gives back what the execution held of its instance. */
async function letGo({ incidentId, instanceId, playbook }: NewIncident, why: string, now: Date, config: Config) {
  if (!instanceId) return;
  const holder = { instanceId, incidentId };
  // A patch command continues without its execution: the lease stays until it expires.
  const mayRun = playbook === 'patch-instance' && (await hasEntry(incidentId, patchEntry, config));
  if (!mayRun) await releaseLease(holder, config);
  await settleTurn(incidentId, { end: 'down', why }, now, config);
  await dropClaim(holder, config);
}
