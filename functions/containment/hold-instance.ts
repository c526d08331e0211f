import { assertInTurn } from '../guard/in-turn';
import { assertNotSwitchedOff } from '../guard/kill-switch';
import { dropClaim, type LeaseResult, takeLease } from '../guard/lease';
import { step } from '../incident/ending-step';
import type { Code } from '../record/codes';
import { targetedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { goBehind } from './go-behind';
import { assertApprovedToIsolate } from './may-isolate';

const input = z.object({
  incident: targetedIncidentSchema,
  /** Whether the cooldown applies: it does to automation that acts on its own. */
  cooldown: z._default(z.optional(z.boolean()), false),
  /** Once a person has approved an isolation: it takes the lease from anything but another isolation. */
  takesOver: z._default(z.optional(z.boolean()), false),
});

/**
 * Checks the kill switch, takes the lease and, if asked, checks the cooldown. Cooldown and circuit breaker limit automation
 * that acts on its own; where a person decides, a compromised instance must not wait because it was restarted a minute
 * ago, nor does a restart shield it: an isolation asks behind it, and takes its lease over after the approval. Each refusal
 * has a reason. Writes only to this project's table.
 */
export const handler = step('hold-instance', input, async ({ incident, cooldown, takesOver }, tools) => {
  const { clock, config } = tools;
  const { instanceId, incidentId, playbook, alarm } = incident;
  const now = clock.now();
  await assertNotSwitchedOff(config);
  await assertInTurn(incident, config);
  if (takesOver) await assertApprovedToIsolate(incident, tools);
  const minutes = cooldown ? config.COOLDOWN_MINUTES : 0;
  const lease = await takeLease({ instanceId, incidentId }, now, { ...config, COOLDOWN_MINUTES: minutes });
  if (lease.verdict === 'TAKEN') {
    await dropClaim({ instanceId, incidentId }, config);
    return lease;
  }
  if (lease.verdict === 'HELD' && playbook === 'isolate-instance')
    return goBehind(incident, lease.holder, takesOver, tools);
  if (lease.verdict === 'HELD') {
    const what = cooldown
      ? `Incident ${incidentId} (${alarm?.alarmName ?? 'started manually'}) joined.`
      : `Incident ${incidentId} (${playbook}) needed the instance too, and did nothing.`;
    await writeEntry(lease.holder, { key: `joined#${incidentId}`, at: now.toISOString(), what }, config);
  }
  return cooldown ? waiting(lease, minutes) : leaving(lease);
});

type Refused = Exclude<LeaseResult, { verdict: 'TAKEN' }>;

/** A second alarm on an instance joins the incident that is working on it. */
function waiting(lease: Refused, minutes: number) {
  if (lease.verdict === 'HELD') {
    const reason = `Incident ${lease.holder} is already working on the instance; this one joined it.`;
    return skipped('JOINED', 'joined', reason);
  }
  const reason = `Automation acted on the instance at ${lease.lastActionAt}; the cooldown is ${minutes} minutes.`;
  return skipped('COOLDOWN', 'cooldown', reason);
}

function leaving(lease: Refused) {
  const holder = lease.verdict === 'HELD' ? lease.holder : 'unknown';
  return skipped(
    'JOINED',
    'held',
    `Incident ${holder} is already working on the instance. Wait for it to end, then start again.`,
  );
}

const skipped = (verdict: string, code: Code, reason: string) => ({
  verdict,
  conclusion: { outcome: 'SKIPPED' as const, code, reason },
});
