import { claimNext, dropClaim, takeLease, takeOver } from '../guard/lease';
import type { Conclusion } from '../record/conclusion';
import type { TargetedIncident } from '../record/leased-incident';
import { recordKey, writeEntry } from '../record/store';
import { readItem } from '../shared/clients/table';
import * as z from '../shared/schema';
import type { StepTools } from '../shared/step';

/** The isolation's own timeline entry that another incident had the instance when it came, and which. */
export const behindEntry = 'behind';
export const behindSchema = z.object({ holder: z.string() });

/** The result; TAKEN includes the lease. */
type Held = { verdict: string; holder?: string; waitSeconds?: number; conclusion?: Conclusion };

/**
 * What an isolation does if another incident holds the instance: it joins another isolation; behind anything else it asks
 * for approval, and takes the lease over once a person has approved.
 */
export async function goBehind(
  incident: TargetedIncident,
  holder: string,
  takesOver: boolean,
  { clock, config }: StepTools,
): Promise<Held> {
  const { instanceId, incidentId, playbook } = incident;
  const now = clock.now();
  const at = now.toISOString();
  const isIsolation = (await readItem(recordKey(holder), config))?.playbook === 'isolate-instance';
  if (isIsolation || !(await claimNext({ instanceId, incidentId }, now, config))) {
    const what = `Incident ${incidentId} (${playbook}) joined.`;
    await writeEntry(holder, { key: `joined#${incidentId}`, at, what }, config);
    const reason = `Another incident is already isolating the instance (${holder} has its lease); this one joined it.`;
    return { verdict: 'JOINED', conclusion: { outcome: 'SKIPPED', code: 'joined', reason } };
  }
  const behind = `Incident ${holder} has the instance; the approval is requested behind it.`;
  await writeEntry(incidentId, { key: behindEntry, at, what: behind, before: { holder } }, config);
  if (!takesOver) return { verdict: 'BEHIND', holder };
  if (!(await takeOver({ instanceId, incidentId }, holder, now, config))) return { verdict: 'AGAIN', waitSeconds: 5 };
  const what = `Incident ${incidentId} (${playbook}) took over the instance; this incident changes nothing more.`;
  await writeEntry(holder, { key: `taken-over#${incidentId}`, at, what }, config);
  const lease = await takeLease({ instanceId, incidentId }, now, { ...config, COOLDOWN_MINUTES: 0 });
  await dropClaim({ instanceId, incidentId }, config);
  return lease;
}
