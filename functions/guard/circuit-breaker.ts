import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { isConditionFailed, ThrottledError } from '../shared/aws-errors';
import { table } from '../shared/clients/dynamodb';
import type { Config } from '../shared/config';

interface Slot {
  incidentId: string;
  at: string;
}

const key = { pk: 'FLEET', sk: 'BREAKER' };

/** How often a lost race is retried before Step Functions retries with jitter. */
const tries = 8;

/**
 * Takes one of the K actions that the fleet may take in a sliding window, atomically (optimistic locking on `version`).
 * A retry finds the slot that its incident has already taken, and takes no second one.
 * @returns false when the circuit breaker is open: K actions are in the window
 * @throws ThrottledError when every attempt lost the race
 */
export async function takeSlot(incidentId: string, now: Date, config: Config): Promise<boolean> {
  const windowStart = new Date(now.getTime() - config.BREAKER_WINDOW_MINUTES * 60_000).toISOString();
  for (let attempt = 0; attempt < tries; attempt++) {
    const { Item } = await table.send(new GetCommand({ TableName: config.TABLE_NAME, Key: key, ConsistentRead: true }));
    const version = Number(Item?.version ?? 0);
    const slots = ((Item?.slots ?? []) as Slot[]).filter(({ at }) => at > windowStart);
    if (slots.some((slot) => slot.incidentId === incidentId)) return true;
    if (slots.length >= config.BREAKER_LIMIT) return false;
    const taken = [...slots, { incidentId, at: now.toISOString() }];
    if (await putSlots(taken, version, config)) return true;
  }
  throw new ThrottledError(`Lost the race for the fleet's circuit breaker ${tries} times.`);
}

async function putSlots(slots: Slot[], version: number, config: Config): Promise<boolean> {
  try {
    await table.send(
      new PutCommand({
        TableName: config.TABLE_NAME,
        Item: { ...key, slots, version: version + 1 },
        ConditionExpression: 'attribute_not_exists(pk) OR version = :version',
        ExpressionAttributeValues: { ':version': version },
      }),
    );
    return true;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return false;
  }
}
