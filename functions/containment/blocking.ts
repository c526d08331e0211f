import { assertApproved } from '../approval/approved';
import { assertInTurn } from '../guard/in-turn';
import { assertMayAct } from '../guard/may-act';
import { newIncidentSchema } from '../record/incident';
import { PlaybookError } from '../shared/errors';
import * as z from '../shared/schema';
import type { StepTools } from '../shared/step';
import { refuseBlock } from './block-rules';
import { parseCidr } from './cidr';
import { readOwnRanges } from './own-ranges';
import { readBlockSettings, widestPrefix } from './settings';

/** An incident with the range to block. */
export const blockingIncidentSchema = z.extend(newIncidentSchema, {
  block: z.object({ cidr: z.string(), family: z.enum(['IPv4', 'IPv6']), minutes: z.number() }),
});
export type BlockingIncident = z.output<typeof blockingIncidentSchema>;

/** The range has become one that is never blocked. */
export class RangeRefusedError extends PlaybookError {}

/**
 * Checked before every change: mode, kill switch, the record, approval of exactly this change, and whether the range is
 * still not ours. There is no instance, so there are no tags.
 */
export async function assertMayBlock(incident: BlockingIncident, tools: StepTools): Promise<void> {
  const { cidr, minutes } = incident.block;
  await assertMayAct(incident, tools.config);
  await assertInTurn(incident, tools.config);
  await assertApproved(incident, { subject: 'block', cidr, minutes }, tools);
  const refusal = refuseBlock(parseCidr(cidr), await readOwnRanges(), widestPrefix(readBlockSettings()));
  if (refusal) throw new RangeRefusedError(refusal.reason);
}
