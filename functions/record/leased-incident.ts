import { instanceIdSchema } from '../shared/identifiers';
import * as z from '../shared/schema';
import { newIncidentSchema } from './incident';

/** An incident with a known instance: the input of acting steps. */
export const targetedIncidentSchema = z.extend(newIncidentSchema, { instanceId: instanceIdSchema });
export type TargetedIncident = z.output<typeof targetedIncidentSchema>;

/** An incident that holds its instance's lease: the input of every changing step. */
export const leasedIncidentSchema = z.extend(targetedIncidentSchema, {
  lease: z.object({
    token: z.number(),
    history: z.optional(z.object({ actedAt: z.optional(z.array(z.string())) })),
  }),
});
export type LeasedIncident = z.output<typeof leasedIncidentSchema>;
