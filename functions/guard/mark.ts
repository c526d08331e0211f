import type { Conclusion } from '../record/conclusion';

/** The mark of quarantine that an instance carries, and what the record of the incident that it names says. */
export interface Mark {
  by: string;
  /** unconfirmed: no record says so. under-way: being isolated. isolated: CONTAINED. in-part: tried, and not contained. */
  state: 'unconfirmed' | 'under-way' | 'isolated' | 'in-part';
}

/** A mark that no record confirms keeps automation off all the same, but never in silence. */
export const notConfirmed = ({ by }: Mark): Conclusion => ({
  outcome: 'ESCALATED',
  code: 'mark-not-confirmed',
  reason: `The instance is marked as isolated by incident ${by}, and no record confirms it: somebody may have written the tag.`,
});
