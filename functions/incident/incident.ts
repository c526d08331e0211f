import { createHash } from 'node:crypto';
import { alarmSchema, instanceIdSchema, refusalSchema } from '../alarm/alarm';
import { findingSchema } from '../finding/finding';
import * as z from '../shared/schema';

/** How an incident can end. Only those up to SCANNED end the execution green; PARTIAL never does. */
export const outcomes = [
  'RESOLVED',
  'SKIPPED',
  'OBSERVED',
  'CONTAINED',
  'RELEASED',
  'BLOCKED',
  'PATCHED',
  'SCANNED',
  'PARTIAL',
  'UNMANAGED',
  'SUSPECTED',
  'INEFFECTIVE',
  'WORSE',
  'ESCALATED',
  'GONE',
  'FAILED',
  'REJECTED',
] as const;
export const outcomeSchema = z.enum(outcomes);
export type Outcome = z.output<typeof outcomeSchema>;

/** An end with its stable code and the reason a person reads. */
export const conclusionSchema = z.object({ outcome: outcomeSchema, code: z.string(), reason: z.string() });
export type Conclusion = z.output<typeof conclusionSchema>;

/** What Step Functions puts at a Catch's ResultPath. */
export const failureSchema = z.object({ Error: z.string(), Cause: z._default(z.optional(z.string()), '') });

/** The part of the incident that is known once the alarm is read. */
export const newIncidentSchema = z.object({
  schemaVersion: z.literal(1),
  incidentId: z.string(),
  executionId: z.string(),
  playbook: z.string(),
  trigger: z.enum(['alarm', 'finding', 'by-hand', 'schedule']),
  drill: z.boolean(),
  mode: z.enum(['observe', 'act']),
  openedAt: z.string(),
  alarm: z.optional(alarmSchema),
  finding: z.optional(findingSchema),
  instanceId: z.optional(instanceIdSchema),
  request: z.optional(z.object({ reason: z.string(), requestedBy: z.string() })),
  refusal: z.optional(refusalSchema),
});
export type NewIncident = z.output<typeof newIncidentSchema>;

/** An incident whose instance is known: what the acting steps take. */
export const targetedIncidentSchema = z.extend(newIncidentSchema, { instanceId: instanceIdSchema });
export type TargetedIncident = z.output<typeof targetedIncidentSchema>;

/** An incident that holds the lease of its instance: what every changing step takes. */
export const leasedIncidentSchema = z.extend(targetedIncidentSchema, {
  lease: z.object({
    token: z.number(),
    history: z.optional(z.object({ actedAt: z.optional(z.array(z.string())) })),
  }),
});
export type LeasedIncident = z.output<typeof leasedIncidentSchema>;

/**
 * The incident's id: short, safe anywhere, and the same for every delivery of the same alarm transition.
 * @param key what happened, for example alarm ARN and state timestamp
 */
export function incidentIdOf(key: string): string {
  return `inc-${createHash('sha256').update(key).digest('hex').slice(0, 20)}`;
}
