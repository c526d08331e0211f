import { assertApproved } from '../approval/approved';
import { assertMayAct } from '../guard/may-act';
import { newIncidentSchema } from '../record/incident';
import type { Config } from '../shared/config';
import * as z from '../shared/schema';

/** An incident that knows what is to be blocked. */
export const blockingIncidentSchema = z.extend(newIncidentSchema, {
  block: z.object({ cidr: z.string(), family: z.enum(['IPv4', 'IPv6']), minutes: z.number() }),
});
export type BlockingIncident = z.output<typeof blockingIncidentSchema>;

/** Asked before every change: mode, kill switch, and a person's yes. There is no instance, so there are no tags to ask. */
export async function assertMayBlock(incident: BlockingIncident, config: Config): Promise<void> {
  await assertMayAct(incident, config);
  await assertApproved(incident.incidentId, 'block', config);
}
