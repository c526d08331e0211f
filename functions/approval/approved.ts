import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { table } from '../shared/clients/dynamodb';
import type { Config } from '../shared/config';
import { NotApprovedError, type Subject } from './approval';

/**
 * Asked before every change that needs a person's yes, whatever the state machine says: reads the kept answer.
 * @throws NotApprovedError
 */
export async function assertApproved(incidentId: string, subject: Subject, config: Config): Promise<void> {
  const { Item } = await table.send(
    new GetCommand({
      TableName: config.TABLE_NAME,
      Key: { pk: `INCIDENT#${incidentId}`, sk: `APPROVAL#${subject}` },
      ConsistentRead: true,
    }),
  );
  const isDelivered = Item?.status === 'ANSWERED' || Item?.status === 'DELIVERING';
  if (isDelivered && Item?.answer === 'yes') return;
  throw new NotApprovedError(`Nobody has approved this change (${subject}).`);
}
