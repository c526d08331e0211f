import { readItem } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { NotApprovedError, type Subject } from './approval';

/**
 * Checked before every change that needs approval, whatever the state machine says: reads the saved answer.
 * @throws NotApprovedError
 */
export async function assertApproved(incidentId: string, subject: Subject, config: Config): Promise<void> {
  const item = await readItem({ pk: `INCIDENT#${incidentId}`, sk: `APPROVAL#${subject}` }, config);
  const isDelivered = item?.status === 'ANSWERED' || item?.status === 'DELIVERING';
  if (isDelivered && item?.answer === 'yes') return;
  throw new NotApprovedError(`Nobody has approved this change (${subject}).`);
}
