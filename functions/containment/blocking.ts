import { assertApproved } from '../approval/approved';
import { assertInTurn } from '../guard/in-turn';
import { assertMayAct } from '../guard/may-act';
import { newIncidentSchema } from '../record/incident';
import { PlaybookError } from '../shared/errors';
import * as z from '../shared/schema';
import type { StepTools } from '../shared/step';
import { NetworkAclFullError } from './acl-rules';
import { awsServiceOf, type OwnRange, refuseBlock } from './block-rules';
import { type Address, addressSchema } from './blocks';
import { parseCidr } from './cidr';
import { readOwnRanges } from './own-ranges';
import { readBlockSettings, widestPrefix } from './settings';

/** An incident with the range to block, and `more` for a request about several. */
export const blockingIncidentSchema = z.extend(newIncidentSchema, {
  block: z.extend(addressSchema, {
    minutes: z.number(),
    more: z.optional(z.array(addressSchema)),
    /** For an alarm on a log: its sources with counts, in words. */
    sources: z.optional(z.string()),
  }),
  reservation: z.optional(z.looseObject({ cidrs: z.optional(z.array(z.string())) })),
});
export type BlockingIncident = z.output<typeof blockingIncidentSchema>;

/** The range has become one that is never blocked. */
export class RangeRefusedError extends PlaybookError {}

/** Every address that an incident is about; after the reservation, those that it holds. */
export function addressesOf({ block, reservation }: Pick<BlockingIncident, 'block' | 'reservation'>): Address[] {
  const { cidr, family, more = [] } = block;
  const held = reservation?.cidrs;
  return [{ cidr, family }, ...more].filter((one) => held?.includes(one.cidr) ?? true);
}

/** The key of a timeline entry about one address: the incident's own keeps the plain one, as in earlier releases. */
export const entryKeyOf = (key: string, { block }: Pick<BlockingIncident, 'block'>, cidr: string): string =>
  cidr === block.cidr ? key : `${key}#${cidr}`;

/** Refusals that concern one address of several: the others go on. */
export const isOfOneAddress = (error: unknown): error is Error =>
  error instanceof RangeRefusedError || error instanceof NetworkAclFullError;

/** Whether an address may be denied. @throws RangeRefusedError, NotApprovedError … */
export type BlockCheck = (cidr: string) => Promise<void>;

/**
 * The check before every change: mode, kill switch, the record, approval of exactly this change, and whether the range is
 * still not ours; a range of an AWS service needs an approval that says so. Our own ranges are read once per step,
 * everything else for each address. There is no instance, so there are no tags.
 */
export function blockCheck(incident: BlockingIncident, tools: StepTools): BlockCheck {
  let own: Promise<OwnRange[]> | undefined;
  return async (cidr) => {
    await assertMayAct(incident, tools.config);
    await assertInTurn(incident, tools.config);
    const change = { subject: 'block', cidr, minutes: incident.block.minutes } as const;
    await assertApproved(incident, change, tools);
    own ??= readOwnRanges();
    const range = parseCidr(cidr);
    const refusal = refuseBlock(range, await own, widestPrefix(readBlockSettings()));
    if (refusal) throw new RangeRefusedError(refusal.reason);
    const isAws = awsServiceOf(range, await own) !== undefined;
    if (isAws) await assertApproved(incident, { ...change, isAws }, tools);
  };
}
