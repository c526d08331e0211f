import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { upgradeRecord } from '../incident/record-version';
import { table } from '../shared/clients/dynamodb';
import { parseWith } from '../shared/parse';
import { type ReviewRecord, reviewRecordSchema } from './record';

/** The closed incidents that were opened in a window, from the table's index by month. */
export async function readIncidents(tableName: string, from: Date, until: Date): Promise<ReviewRecord[]> {
  const found: ReviewRecord[] = [];
  for (const month of monthsOf(from, until)) {
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await table.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: 'by-opened',
          KeyConditionExpression: 'openedMonth = :month AND openedAt BETWEEN :from AND :until',
          ExpressionAttributeValues: { ':month': month, ':from': from.toISOString(), ':until': until.toISOString() },
          ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
        }),
      );
      const closed = (page.Items ?? []).filter((item) => item.status === 'CLOSED');
      found.push(...closed.map((item) => parseWith(reviewRecordSchema, upgradeRecord(item), 'record')));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }
  return found;
}

/** The months that a window touches, as `2026-11`. */
export function monthsOf(from: Date, until: Date): string[] {
  const months: string[] = [];
  for (const at = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth())); at <= until; ) {
    months.push(at.toISOString().slice(0, 7));
    at.setUTCMonth(at.getUTCMonth() + 1);
  }
  return months;
}
