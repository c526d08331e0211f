import type { Conclusion } from '../record/conclusion';

/** An instance's quarantine tag, and the state according to the incident that it names. */
export interface Mark {
  by: string;
  /** unconfirmed: no record says so. under-way: being isolated. isolated: CONTAINED. in-part: tried, and not contained. */
  state: 'unconfirmed' | 'under-way' | 'isolated' | 'in-part';
}

/** An unconfirmed tag still stops automation, but never silently. */
export const notConfirmed = ({ by }: Mark): Conclusion => ({
  outcome: 'ESCALATED',
  code: 'mark-not-confirmed',
  reason: `The instance is tagged as isolated by incident ${by}, but no record confirms it. Find out who set the tag.`,
});
