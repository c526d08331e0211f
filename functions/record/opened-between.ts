import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { table } from '../shared/clients/dynamodb';
import { allPages, type Item, type ReadPage } from '../shared/clients/table';
import { shardsOfMonth } from './opened-shard';

/**
 * The records of incidents opened in a period, open and closed, in the order in which they were opened, with the
 * attributes that the index has (resources/tables.yml).
 */
export async function* openedBetween(tableName: string, from: Date, until: Date): AsyncGenerator<Item> {
  const period = { ':from': from.toISOString(), ':until': until.toISOString() };
  for (const month of monthsOf(from, until)) {
    const former = allPages(ofMonth(tableName, { ...period, ':month': month }));
    const shards = shardsOfMonth(month).map((shard) => allPages(ofShard(tableName, { ...period, ':shard': shard })));
    const found = await Promise.all([former, ...shards]);
    yield* found.flat().sort((a, b) => String(a.openedAt).localeCompare(String(b.openedAt)));
  }
}

/** Records of earlier releases, and of executions that one of them began: a month is one partition there. */
const ofMonth =
  (TableName: string, ExpressionAttributeValues: Item): ReadPage =>
  (ExclusiveStartKey) =>
    table.send(
      new QueryCommand({
        TableName,
        IndexName: 'by-opened',
        KeyConditionExpression: 'openedMonth = :month AND openedAt BETWEEN :from AND :until',
        ExpressionAttributeValues,
        ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
      }),
    );

const ofShard =
  (TableName: string, ExpressionAttributeValues: Item): ReadPage =>
  (ExclusiveStartKey) =>
    table.send(
      new QueryCommand({
        TableName,
        IndexName: 'by-opened-shard',
        KeyConditionExpression: 'openedShard = :shard AND openedAt BETWEEN :from AND :until',
        ExpressionAttributeValues,
        ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
      }),
    );

/** The months that a period overlaps, as `2026-11`. */
export function monthsOf(from: Date, until: Date): string[] {
  const months: string[] = [];
  for (const at = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth())); at <= until; ) {
    months.push(at.toISOString().slice(0, 7));
    at.setUTCMonth(at.getUTCMonth() + 1);
  }
  return months;
}
