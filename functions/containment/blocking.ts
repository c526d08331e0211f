import { assertApproved } from '../approval/approved';
import { assertMayAct } from '../guard/may-act';
import { newIncidentSchema } from '../record/incident';
import type { Config } from '../shared/config';
import * as z from '../shared/schema';

/** An incident with the range to block. */
export const blockingIncidentSchema = z.extend(newIncidentSchema, {
  block: z.object({ cidr: z.string(), family: z.enum(['IPv4', 'IPv6']), minutes: z.number() }),
});
export type BlockingIncident = z.output<typeof blockingIncidentSchema>;

/** Checked before every change: mode, kill switch, and approval. There is no instance, so there are no tags. */
export async function assertMayBlock(incident: BlockingIncident, config: Config): Promise<void> {
  await assertMayAct(incident, config);
  await assertApproved(incident.incidentId, 'block', config);
}
