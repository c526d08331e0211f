import { leasedIncidentSchema } from '../record/leased-incident';
import * as z from '../shared/schema';
import { changeSchema } from './saved';

/** An incident that puts back what another one changed. */
export const releasingIncidentSchema = z.extend(leasedIncidentSchema, { isolatedBy: z.string() });
export type ReleasingIncident = z.output<typeof releasingIncidentSchema>;

/** What every restoring step is given: one change of the other incident. */
export const releasingRestoreInput = z.object({ incident: releasingIncidentSchema, change: changeSchema });
