import { snapshotSchema } from '../guard/snapshot';
import { refusalByTags, whyQuarantined } from '../guard/tags';
import type { Refusal } from '../record/conclusion';
import { targetedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import type { Config } from '../shared/config';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { patchSchema } from './patch';
import { readCompliance, readPing } from './systems-manager';

const input = z.object({
  incident: z.extend(targetedIncidentSchema, { request: patchSchema, instance: snapshotSchema }),
});

/** Opted in, running, managed by Systems Manager? Reads the counts before anything is done; changes nothing. */
export const handler = step('check-patching', input, async ({ incident }, { clock, config }) => {
  const { incidentId, instanceId, request, mode } = incident;
  const refusal = refuse(incident.instance, config);
  if (refusal) return { verdict: 'REFUSED', conclusion: { outcome: 'SKIPPED', ...refusal } };
  const ping = await readPing(instanceId);
  if (ping !== 'Online') {
    const reason = `Systems Manager cannot reach the instance (${ping ?? 'it is not managed'}); check its agent, role and endpoints.`;
    return { verdict: 'REFUSED', conclusion: { outcome: 'UNMANAGED', code: 'not-managed', reason } };
  }
  const before = await readCompliance(instanceId);
  const { operation, reboot } = request;
  const what =
    operation === 'scan'
      ? `Scan ${instanceId} for missing patches.`
      : `Install missing patches on ${instanceId}, ${reboot === 'NoReboot' ? 'without a reboot' : 'with a reboot if one is needed'}.`;
  await writeEntry(incidentId, { key: 'plan', at: clock.now().toISOString(), what }, config);
  const found = { what, ...(before ? { before } : {}) };
  if (operation === 'install') return { ...found, verdict: 'ASK' };
  if (mode === 'act') return { ...found, verdict: 'GO' };
  const reason = `Observe mode: it would ${what.charAt(0).toLowerCase()}${what.slice(1)}`;
  return { ...found, verdict: 'REFUSED', conclusion: { outcome: 'OBSERVED', code: 'would-scan', reason } };
});

function refuse({ tags, state }: z.output<typeof snapshotSchema>, config: Config): Refusal | undefined {
  const byTags = refusalByTags(tags, config);
  if (byTags) return byTags;
  const isQuarantined = whyQuarantined(tags);
  if (isQuarantined) return { code: 'quarantined', reason: isQuarantined };
  if (state === 'running') return undefined;
  return { code: 'not-running', reason: `The instance is ${state}; only a running one can be patched.` };
}
