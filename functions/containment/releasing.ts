import { leasedIncidentSchema } from '../record/leased-incident';
import * as z from '../shared/schema';
import { changeSchema } from './saved';

/** An incident that reverts the changes of another one. */
export const releasingIncidentSchema = z.extend(leasedIncidentSchema, { isolatedBy: z.string() });
export type ReleasingIncident = z.output<typeof releasingIncidentSchema>;

/** The input of every restoring step: one change of the other incident. */
export const releasingRestoreInput = z.object({ incident: releasingIncidentSchema, change: changeSchema });
