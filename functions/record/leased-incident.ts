import { instanceIdSchema } from '../shared/identifiers';
import * as z from '../shared/schema';
import { newIncidentSchema } from './incident';

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
