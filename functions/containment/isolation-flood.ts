import { here } from '../place/here';
import type { Conclusion } from '../record/conclusion';
import { expiryOf } from '../record/store';
import { itemsIn, putIf } from '../shared/clients/table';
import type { Config } from '../shared/config';

const pk = 'ISOLATIONS';
/** How long an instance counts from its first request, in milliseconds. */
const windowMs = 3_600_000;

/**
 * Whether people are asked about more instances than they can decide on: within an hour, as many as make a storm. Each
 * instance counts once, so its own second finding is never refused.
 * @returns why this one is not asked about; undefined if it is
 */
export async function beyondLimit(instanceId: string, now: Date, config: Config): Promise<Conclusion | undefined> {
  const known = await askedWithin(now, config);
  const id = here(instanceId);
  if (known.has(id)) return undefined;
  if (known.size >= config.STORM_LIMIT) return tooMany(config.STORM_LIMIT);
  const cutoff = new Date(now.getTime() - windowMs).toISOString();
  const expiresAt = expiryOf(now, { RECORD_RETENTION_DAYS: 1 });
  await putIf(
    {
      Item: { pk, sk: id, at: now.toISOString(), expiresAt },
      ConditionExpression: 'attribute_not_exists(pk) OR #at <= :cutoff',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':cutoff': cutoff },
    },
    config,
  );
  // Those that came at the same time count each other: the first ones in the order of their keys stay.
  const first = [...(await askedWithin(now, config))].sort(byTime).slice(0, config.STORM_LIMIT);
  return first.some(([one]) => one === id) ? undefined : tooMany(config.STORM_LIMIT);
}

const byTime = ([idA, a]: [string, string], [idB, b]: [string, string]) => a.localeCompare(b) || idA.localeCompare(idB);

/** The instances that people were asked about within the hour, with the time of each. */
async function askedWithin(now: Date, config: Config): Promise<Map<string, string>> {
  const items = await itemsIn(pk, '', config);
  const cutoff = new Date(now.getTime() - windowMs).toISOString();
  return new Map(items.filter(({ at }) => String(at) > cutoff).map(({ sk, at }) => [String(sk), String(at)]));
}

const tooMany = (limit: number): Conclusion => ({
  outcome: 'ESCALATED',
  code: 'too-many-isolations',
  reason: `Findings or alarms about more than ${limit} instances within an hour: people have been asked about ${limit} of them, and not about this one. Further ones are recorded, and paged once an hour. List them (npm run incidents), and start isolate-instance for each that you want to isolate.`,
});
