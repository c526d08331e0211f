import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { isConditionFailed, ThrottledError } from '../shared/aws-errors';
import { table } from '../shared/clients/dynamodb';
import type { Config } from '../shared/config';

interface Slot {
  incidentId: string;
  at: string;
}

const key = { pk: 'FLEET', sk: 'BREAKER' };

/** How often a lost race for the breaker is run again before Step Functions is asked to retry with jitter. */
const tries = 8;

/**
 * Takes one of the K actions that the fleet may have in a sliding window, atomically (optimistic lock on `version`).
 * A slot that the same incident has already taken is found again, so a retry takes no second one.
 * @returns false when the breaker is open: K actions are in the window
 * @throws ThrottledError when the race was lost every time
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
  throw new ThrottledError(`Lost the race for the fleet's breaker ${tries} times.`);
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
