import { z } from 'zod';
import { accountsAtOnce, type Slot, slotsWithin } from '../../functions/guard/circuit-breaker';
import { readControl } from '../../functions/guard/fleet-control';
import { alarmStorm, findingStorm, type StormKind, stormKeyOf, suspicionStorm } from '../../functions/guard/storm';
import type { Config } from '../../functions/shared/config';
import { readEnvironment } from '../stage-accounts';
import type { Breaker } from './status';

/** The stage's settings that a status needs, from the environment of its functions. */
const settingsSchema = z.object({
  MODE: z.string(),
  BREAKER_LIMIT: z.coerce.number(),
  BREAKER_WINDOW_MINUTES: z.coerce.number(),
  STORM_LIMIT: z.coerce.number(),
  STORM_WINDOW_MINUTES: z.coerce.number(),
  /** The stage's own account, then the others. */
  ACCOUNT_IDS: z.string().default(''),
  REGIONS: z.string().default(''),
});
export type Settings = z.output<typeof settingsSchema>;

export const readSettings = async (stage: string): Promise<Settings> =>
  settingsSchema.parse(await readEnvironment(stage));

const before = (now: Date, minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** The circuit breaker of an account. @param account undefined for the stage's own */
export function breakerOf(
  slots: readonly Slot[],
  account: string | undefined,
  settings: Settings,
  now: Date,
  isOfSeveral: boolean,
): Breaker {
  const minutes = settings.BREAKER_WINDOW_MINUTES;
  const limit = settings.BREAKER_LIMIT;
  const recent = slotsWithin(slots, minutes, now);
  const ofAll = { used: recent.length, limit: accountsAtOnce * limit };
  const used = recent.filter((slot) => slot.account === account).length;
  return { used, limit, minutes, ...(isOfSeveral ? { ofAll } : {}) };
}

const stormKinds: [kind: StormKind, words: string][] = [
  [alarmStorm, 'alarms'],
  [suspicionStorm, 'suspicions'],
  [findingStorm, 'findings'],
];
export type StormItem = [words: string, item: Record<string, unknown> | undefined];

/** The storms of the account that the running code is in. */
export const readStorms = (config: Pick<Config, 'TABLE_NAME'>): Promise<StormItem[]> =>
  Promise.all(
    stormKinds.map(async ([kind, words]): Promise<StormItem> => [words, await readControl(stormKeyOf(kind), config)]),
  );

/** A storm lasts as long as something of it was seen within its window; one of alarms is an item only once it is confirmed. */
export function stormsOf(items: readonly StormItem[], settings: Settings, now: Date): string[] {
  const since = before(now, settings.STORM_WINDOW_MINUTES);
  return items.flatMap(([words, item]) => {
    const size = Number(item?.size ?? item?.count ?? 0);
    const lastAt = text(item?.lastAt) ?? text(item?.startedAt) ?? '';
    const isOne = lastAt > since && (item?.size !== undefined || size > settings.STORM_LIMIT);
    return isOne ? [`${words} (${size})`] : [];
  });
}
