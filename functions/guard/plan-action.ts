import * as z from 'zod/mini';
import { leasedIncidentSchema } from '../incident/incident';
import { writeEntry } from '../incident/store';
import { step } from '../shared/step';
import { choosePlan, rungOf } from './plan';

const input = z.object({
  incident: z.extend(leasedIncidentSchema, {
    lease: z.object({
      token: z.number(),
      history: z.object({ lastActionAt: z.optional(z.string()), lastRung: z.optional(z.number()) }),
    }),
    score: z.object({ verdict: z.string(), explanation: z.string() }),
  }),
});

/** Decides what will be done, and writes it down before anything is done. */
export const handler = step('plan-action', input, async ({ incident }, { clock, config }) => {
  const now = clock.now();
  const plan = choosePlan({
    metricNames: incident.alarm?.metricNames ?? [],
    history: incident.lease.history,
    mode: incident.mode,
    ladderWindowMinutes: config.LADDER_WINDOW_MINUTES,
    now,
    score: incident.score,
    unknownScore: config.UNKNOWN_SCORE,
    isAsked: incident.trigger === 'by-hand' || incident.drill,
  });
  await writeEntry(incident.incidentId, { key: 'plan', at: now.toISOString(), what: plan.reason }, config);
  return { ...plan, rung: rungOf(plan.action) };
});
