import { wordsOf } from '../approval/targets';
import { notConfirmed } from '../guard/mark';
import { readMark } from '../guard/quarantine';
import { snapshotSchema } from '../guard/snapshot';
import { refusalByTags, whyQuarantined } from '../guard/tags';
import { step } from '../incident/ending-step';
import type { Refusal } from '../record/conclusion';
import { targetedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import type { Config } from '../shared/config';
import * as z from '../shared/schema';
import { patchSchema } from './patch';
import { readCompliance, readPing } from './systems-manager';

const input = z.object({
  incident: z.extend(targetedIncidentSchema, { request: patchSchema, instance: snapshotSchema }),
});

/** Checks that the instance is opted in, running and managed by Systems Manager, and reads the counts before. Changes nothing. */
export const handler = step('check-patching', input, async ({ incident }, { clock, config }) => {
  const { incidentId, instanceId, request, mode } = incident;
  const refusal = refuse(incident.instance, config);
  const mark = refusal?.code === 'quarantined' && (await readMark(instanceId, incident.instance.tags, config));
  if (mark && mark.state === 'unconfirmed') return { verdict: 'REFUSED', conclusion: notConfirmed(mark) };
  if (refusal) return { verdict: 'REFUSED', conclusion: { outcome: 'SKIPPED', ...refusal } };
  const ping = await readPing(instanceId);
  if (ping !== 'Online') {
    const reason = `Systems Manager cannot reach the instance (${ping ?? 'not managed'}). Check the SSM Agent, the instance role and the endpoints.`;
    return { verdict: 'REFUSED', conclusion: { outcome: 'UNMANAGED', code: 'not-managed', reason } };
  }
  const before = await readCompliance(instanceId);
  const { operation, reboot } = request;
  const what =
    operation === 'scan' ? `Scan ${instanceId} for missing patches.` : wordsOf('install', { instanceId, reboot });
  await writeEntry(incidentId, { key: 'plan', at: clock.now().toISOString(), what }, config);
  const found = { what, ...(before ? { before } : {}) };
  if (operation === 'install') return { ...found, verdict: 'ASK' };
  if (mode === 'act') return { ...found, verdict: 'GO' };
  const reason = `Observe mode: automation would ${what.charAt(0).toLowerCase()}${what.slice(1)}`;
  return { ...found, verdict: 'REFUSED', conclusion: { outcome: 'OBSERVED', code: 'would-scan', reason } };
});

function refuse({ tags, state }: z.output<typeof snapshotSchema>, config: Config): Refusal | undefined {
  const byTags = refusalByTags(tags, config);
  if (byTags) return byTags;
  const isQuarantined = whyQuarantined(tags);
  if (isQuarantined) return { code: 'quarantined', reason: isQuarantined };
  if (state === 'running') return undefined;
  return { code: 'not-running', reason: `The instance is ${state}; only a running instance can be patched.` };
}
