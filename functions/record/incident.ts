import { alarmSchema } from '../alarm/alarm';
import { findingSchema } from '../finding/finding';
import { placeSchema } from '../place/place';
import { instanceIdSchema } from '../shared/identifiers';
import { manualStart } from '../shared/manual-start';
import * as z from '../shared/schema';
import { refusalSchema } from './conclusion';

/** The part of the incident that is known once the alarm is read. */
export const newIncidentSchema = z.object({
  incidentId: z.string(),
  executionId: z.string(),
  playbook: z.string(),
  trigger: z.union([manualStart, z.enum(['alarm', 'finding', 'schedule'])]),
  drill: z.boolean(),
  mode: z.enum(['observe', 'act']),
  openedAt: z.string(),
  alarm: z.optional(alarmSchema),
  finding: z.optional(findingSchema),
  instanceId: z.optional(instanceIdSchema),
  /** Where it is; none for the stage's own account, as in the records of earlier releases. */
  place: z.optional(placeSchema),
  request: z.optional(z.object({ reason: z.string(), requestedBy: z.string() })),
  refusal: z.optional(refusalSchema),
});
export type NewIncident = z.output<typeof newIncidentSchema>;

/** An action or observation in an incident's timeline. */
export interface TimelineEntry {
  /** Identifies the entry within its incident; a second write with the same key changes nothing. */
  key: string;
  at: string;
  what: string;
  /** For a change: how to revert it, and whether it is idempotent. */
  revert?: string;
  before?: Record<string, unknown>;
}
