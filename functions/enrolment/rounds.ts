import type { Place } from '../place/place';
import { itemsIn, updateIf, updateItem } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';

/** Where a comparison goes on: the instances first, in the order of their IDs, then the alarms that are there. */
const positionSchema = z.object({
  pass: z.enum(['instances', 'alarms']),
  /** The instance that was compared last. */
  after: z.optional(z.string()),
  /** How many prefixes of alarm names have been read, and the page of the next one. */
  prefixes: z.number(),
  token: z.optional(z.string()),
});
export type Position = z.output<typeof positionSchema>;

/** What is known of a place: how far its comparison has come, and what the last one found. */
const roundSchema = z.object({
  /** Missing between two comparisons. */
  position: z.optional(positionSchema),
  /** When everything in it was last compared; ISO 8601. */
  doneAt: z.optional(z.string()),
  instances: z.number(),
  alarms: z.number(),
  /** A few of them, in sentences. */
  problems: z.array(z.string()),
  problemCount: z.number(),
});
export type Round = z.output<typeof roundSchema>;

const itemSchema = z.object({
  round: z.optional(roundSchema),
  /** When a run last took it up. */
  triedAt: z.string(),
  heldBy: z.optional(z.string()),
  heldUntil: z.optional(z.string()),
});
export type KeptRound = z.output<typeof itemSchema>;

const pk = 'ENROLMENT';
const prefix = 'RECONCILE#';
export const placeName = ({ account, region }: Place): string => `${account}#${region}`;
const keyOf = (place: Place) => ({ pk, sk: prefix + placeName(place) });

/** Longer than an invocation may take (`timeout` of reconcileAlarms): after that, whoever held a place is gone. */
const heldMs = 330_000;

/** What is known of every place, by its name (strongly consistent). */
export async function readRounds(config: Config): Promise<Map<string, KeptRound>> {
  const items = await itemsIn(pk, prefix, config);
  return new Map(items.map((item) => [String(item.sk).slice(prefix.length), parseWith(itemSchema, item, 'round')]));
}

/** Whether another run works on a place now. */
export const isHeld = (known: KeptRound | undefined, executionId: string, now: Date): boolean =>
  known?.heldUntil !== undefined && known.heldBy !== executionId && known.heldUntil > now.toISOString();

/**
 * Takes a place for a run, so that two do not compare it at once. The same run may take it again.
 * @returns what is known of it; undefined if another run has it
 */
export async function holdPlace(
  place: Place,
  executionId: string,
  now: Date,
  config: Config,
): Promise<KeptRound | undefined> {
  const held = await updateIf(
    {
      Key: keyOf(place),
      UpdateExpression: 'SET heldBy = :me, heldUntil = :until, triedAt = :now',
      ConditionExpression: 'attribute_not_exists(heldUntil) OR heldUntil <= :now OR heldBy = :me',
      ExpressionAttributeValues: {
        ':me': executionId,
        ':now': now.toISOString(),
        ':until': new Date(now.getTime() + heldMs).toISOString(),
      },
      ReturnValues: 'ALL_NEW',
    },
    config,
  );
  return held && parseWith(itemSchema, held, 'round');
}

/** Keeps how far a comparison came, and leaves the place to whoever comes next. */
export async function leavePlace(place: Place, round: Round | undefined, config: Config): Promise<void> {
  await updateItem(
    {
      Key: keyOf(place),
      UpdateExpression: `${round ? 'SET #round = :round ' : ''}REMOVE heldBy, heldUntil`,
      ...(round
        ? { ExpressionAttributeNames: { '#round': 'round' }, ExpressionAttributeValues: { ':round': round } }
        : {}),
    },
    config,
  );
}
