import { type Group, toldCodeOf } from '../enrolment/alarm-kinds';
import { groupOf } from '../enrolment/groups';
import { step } from '../incident/ending-step';
import { leasedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import type { Config } from '../shared/config';
import * as z from '../shared/schema';
import { takeSlot } from './circuit-breaker';
import { describeInstance } from './describe';
import { assertInTurn } from './in-turn';
import { choosePlan, type Plan, rungOf } from './plan';

const input = z.object({
  incident: z.extend(leasedIncidentSchema, {
    lease: z.object({
      token: z.number(),
      history: z.object({ lastActionAt: z.optional(z.string()), lastRung: z.optional(z.number()) }),
    }),
    score: z.object({ verdict: z.string(), explanation: z.string(), waitSeconds: z.optional(z.number()) }),
  }),
});

/** Decides on the action, takes a slot of the circuit breaker for it, and records the plan before anything is done. */
export const handler = step('plan-action', input, async ({ incident }, { clock, config }) => {
  const now = clock.now();
  await assertInTurn(incident, config);
  const metricNames = incident.alarm?.metricNames ?? [];
  const chosen = choosePlan({
    metricNames,
    group: toldCodeOf(metricNames) ? await readGroup(incident.instanceId) : {},
    history: incident.lease.history,
    mode: incident.mode,
    ladderWindowMinutes: config.LADDER_WINDOW_MINUTES,
    now,
    score: incident.score,
    unknownScore: config.UNKNOWN_SCORE,
    isAsked: incident.trigger === 'manual' || incident.drill,
  });
  if (chosen.action === 'watch') {
    await writeEntry(incident.incidentId, { key: 'watch', at: now.toISOString(), what: chosen.reason }, config);
    return { ...chosen, rung: 0 };
  }
  const isAction = chosen.action !== 'page';
  const plan =
    isAction && !(await takeSlot(incident.incidentId, now, config)) ? withCircuitBreakerOpen(chosen, config) : chosen;
  const before = plan.conclusion ? {} : { action: plan.action };
  await writeEntry(incident.incidentId, { key: 'plan', at: now.toISOString(), what: plan.reason, before }, config);
  return { ...plan, rung: rungOf(plan.action) };
});

/** The tags as they are now: they say whether a restart helps where a person would be told otherwise. */
async function readGroup(instanceId: string): Promise<Group> {
  return groupOf((await describeInstance(instanceId)).tags).group;
}

/** Also in observe mode, so that the notice says what would really have been done. */
function withCircuitBreakerOpen(plan: Plan, { BREAKER_LIMIT, BREAKER_WINDOW_MINUTES }: Config): Plan {
  const reason = `The circuit breaker is open: the fleet has had ${BREAKER_LIMIT} actions within ${BREAKER_WINDOW_MINUTES} minutes.`;
  return { ...plan, reason, conclusion: { outcome: 'SKIPPED', code: 'breaker-open', reason } };
}
