import { dropClaim, releaseLease } from '../guard/lease';
import { settleTurn } from '../guard/turn';
import { type ClosingIncident, closingIncidentSchema } from '../record/closing-incident';
import { factsOf } from '../record/codes';
import { conclude } from '../record/conclude';
import type { Conclusion } from '../record/conclusion';
import { newIncidentSchema } from '../record/incident';
import { asLost, type Loss, lossEntry, losses } from '../record/lost-host';
import { isReportedOnce } from '../record/standing';
import { closeRecord, hasEntry, patchEntry, recordKey, writeEntry } from '../record/store';
import { readItem } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { lookAgainAtChanges } from './changed';
import { inDigest } from './digest';
import { confirmEnd } from './ends';
import { asHalfDone } from './half-done';
import { leaveLease } from './lease-end';
import { startEndOf } from './start-end';
import { toldBy } from './told';

const input = z.object({ incident: closingIncidentSchema });

/** Writes the one terminal record and releases the lease. A good end is the one that a step recorded, never the input's. */
export const handler = step('close-incident', input, async ({ incident: given }, tools) => {
  const { clock, config } = tools;
  const incident = await asRecorded(given, config);
  const changed = await lookAgainAtChanges(incident, tools);
  const now = clock.now();
  const { eligibility, isolation, score, instanceId, lease, stop, reboot } = incident;
  // What is blocked comes from the input, so it stands for the target of a block alone.
  const block = incident.playbook === 'block-traffic' ? incident.block : undefined;
  const actedAt = reboot?.at ?? stop?.at;
  const extra = {
    notes: [...(eligibility?.notes ?? []), ...(isolation?.notes ?? []), ...changed.notes],
    ...(changed.changes ? { changes: changed.changes } : {}),
    ...(score?.explanation ? { score: score.explanation } : {}),
    ...(block?.cidr ? { target: targetOf(block.cidr, block.more) } : {}),
    ...(actedAt ? { actedAt } : {}),
  };
  const found = await confirmEnd(incident, conclude(incident), config);
  const conclusion = await asHalfDone(incident, asLost(found, await lossesOf(incident, found, config)), config);
  const teller = isReportedOnce(incident, conclusion)
    ? await toldBy(incident, block?.cidr, conclusion, now, config)
    : await unlessElsewhere(incident, conclusion, now, config);
  const told = teller ? { toldBy: teller } : {};
  const closing = await closeRecord(incident, conclusion, { ...extra, ...told }, now, config);
  await writeEntry(
    incident.incidentId,
    { key: 'closed', at: closing.closedAt, what: `${closing.outcome}: ${closing.reason}` },
    config,
  );
  const isRequested =
    incident.playbook === 'patch-instance' && (await hasEntry(incident.incidentId, patchEntry, config));
  if (instanceId && lease?.token !== undefined && !leaveLease(incident, isRequested)) {
    await releaseLease({ instanceId, incidentId: incident.incidentId, token: lease.token }, config);
  }
  await settleTurn(incident.incidentId, startEndOf(incident, conclusion), now, config);
  if (instanceId) await dropClaim({ instanceId, incidentId: incident.incidentId }, config);
  return closing;
});

/** Of many ends alike, one notice lists those beyond the first; what another notice covers already needs none. */
const unlessElsewhere = (incident: ClosingIncident, conclusion: Conclusion, now: Date, config: Config) =>
  factsOf(conclusion.code).isReportedElsewhere ? undefined : inDigest(incident, conclusion, now, config);

const targetOf = (cidr: string, more: readonly unknown[] = []) =>
  more.length > 0 ? `${cidr} and ${more.length} more` : cidr;

/** What others did to the host of an isolation meanwhile, from the record, and from what the steps found. */
async function lossesOf(
  { incidentId, playbook }: ClosingIncident,
  { code }: Conclusion,
  config: Config,
): Promise<Loss[]> {
  if (playbook !== 'isolate-instance') return [];
  if (code === 'instance-gone') return ['terminated'];
  const found = await Promise.all(
    losses.map(async (loss) => ((await hasEntry(incidentId, lossEntry(loss), config)) ? loss : [])),
  );
  return found.flat();
}

/** What the incident is, the record says; the input only what has come of it. */
async function asRecorded(given: ClosingIncident, config: Config): Promise<ClosingIncident> {
  const record = await readItem(recordKey(given.incidentId), config);
  return record
    ? { ...given, ...parseWith(newIncidentSchema, record, 'record'), executionId: given.executionId }
    : given;
}
