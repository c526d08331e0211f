import { accountHere } from '../place/here';
import { ThrottledError } from '../shared/aws-errors';
import { putIf, readItem } from '../shared/clients/table';
import type { Config } from '../shared/config';

/** An action that the circuit breaker has counted. */
export interface Slot {
  incidentId: string;
  at: string;
  /** None for the stage's own. */
  account?: string;
}

/** How many accounts may be in full trouble at once before the whole fleet is held back. */
export const accountsAtOnce = 2;

const key = { pk: 'FLEET', sk: 'BREAKER' };

const slotsIn = (item: Record<string, unknown> | undefined) => (item?.slots ?? []) as Slot[];

/** The actions that have been counted, the window's and some before it. */
export const readSlots = async (config: Pick<Config, 'TABLE_NAME'>): Promise<Slot[]> =>
  slotsIn(await readItem(key, config));

/** Those in a window of so many minutes that ends now. Pure. */
export function slotsWithin(slots: readonly Slot[], minutes: number, now: Date): Slot[] {
  const windowStart = new Date(now.getTime() - minutes * 60_000).toISOString();
  return slots.filter(({ at }) => at > windowStart);
}

/** Up to this many slots are kept after they leave the window, because their actions may still be running. */
const mostKept = 50;

/** How often a lost race is retried before Step Functions retries with jitter. */
const tries = 8;

/**
 * Takes one of the K actions that an account may take in a sliding window, atomically (optimistic locking on `version`). All
 * accounts are counted in one item, in the same write: together they may take twice as many, so one in trouble neither
 * stops the others nor lets a cause that all of them share go on.
 * A retry finds the slot that its incident has already taken, and takes no second one.
 * @returns false when the circuit breaker is open: K actions of the account are in the window, or 2 K of all
 * @throws ThrottledError when every attempt lost the race
 */
export async function takeSlot(incidentId: string, now: Date, config: Config): Promise<boolean> {
  const account = accountHere();
  for (let attempt = 0; attempt < tries; attempt++) {
    const item = await readItem(key, config);
    const version = Number(item?.version ?? 0);
    const known = slotsIn(item);
    const slots = slotsWithin(known, config.BREAKER_WINDOW_MINUTES, now);
    if (slots.some((slot) => slot.incidentId === incidentId)) return true;
    const ofAccount = slots.filter((slot) => slot.account === account);
    if (ofAccount.length >= config.BREAKER_LIMIT || slots.length >= accountsAtOnce * config.BREAKER_LIMIT) return false;
    const kept = known.filter((slot, index) => slots.includes(slot) || known.length - index < mostKept);
    const isTaken = await putIf(
      {
        Item: {
          ...key,
          slots: [...kept, { incidentId, at: now.toISOString(), ...(account ? { account } : {}) }],
          version: version + 1,
        },
        ConditionExpression: 'attribute_not_exists(pk) OR version = :version',
        ExpressionAttributeValues: { ':version': version },
      },
      config,
    );
    if (isTaken) return true;
  }
  throw new ThrottledError(`Lost the race for the fleet's circuit breaker ${tries} times.`);
}

/** Whether an incident has taken a slot. A slot outside the window also counts, because its action may still be running. */
export async function holdsSlot(incidentId: string, config: Config): Promise<boolean> {
  return (await readSlots(config)).some((slot) => slot.incidentId === incidentId);
}
