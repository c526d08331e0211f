import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { table } from '../shared/clients/dynamodb';

/** The records of incidents opened in a period, open and closed, from the table's index by month. */
export async function* openedBetween(
  tableName: string,
  from: Date,
  until: Date,
): AsyncGenerator<Record<string, unknown>> {
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
      yield* page.Items ?? [];
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }
}

/** The months that a period overlaps, as `2026-11`. */
export function monthsOf(from: Date, until: Date): string[] {
  const months: string[] = [];
  for (const at = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth())); at <= until; ) {
    months.push(at.toISOString().slice(0, 7));
    at.setUTCMonth(at.getUTCMonth() + 1);
  }
  return months;
}
