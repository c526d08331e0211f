import { createHash } from 'node:crypto';

/**
 * How many partitions of the index of incidents hold those of a month. One takes 1,000 write units a second, and an index
 * that is throttled throttles the table (DynamoDB developer guide, "Best practices for partition keys"). It can be raised
 * at any time, and lowered only once the records of before have expired.
 */
export const openedShards = 16;

const nameOf = (month: string, shard: number) => `${month}#${shard.toString(16)}`;

/** What a record carries for the index of incidents by the time that they were opened: the same at every attempt. */
export function openedShardOf(incidentId: string, openedAt: string): { openedShard: string } {
  const [first = 0] = createHash('sha256').update(incidentId).digest();
  return { openedShard: nameOf(openedAt.slice(0, 7), first % openedShards) };
}

/** Every partition of a month (`2026-11`). */
export const shardsOfMonth = (month: string): string[] =>
  Array.from({ length: openedShards }, (_, shard) => nameOf(month, shard));
