import { readQuestion } from '../approval/store';
import { recordKey } from '../record/store';
import { putIf, putItem, readItem, updateIf } from '../shared/clients/table';
import { secondsBetween } from '../shared/clock';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { type Address, addressSchema } from './blocks';

/** How long a group waits for another finding, and at most, in seconds: a page has to come within five minutes. */
const quietSeconds = 60;
const longestSeconds = 240;
/** How long a group waits at most until the request of the one before it is answered or has expired, in seconds. */
const longestWaitSeconds = 3_300;
/** A request is stored within this time after a group has the turn to ask, in seconds. */
const askingSeconds = 300;
/** A storm of findings lasts as long as they follow each other within this time, in seconds. */
const stormSeconds = 3_600;

/** Findings about addresses that one request for approval covers. The execution of the first one, the leader, asks. */
const groupSchema = z.object({
  leader: z.string(),
  openedAt: z.string(),
  lastAt: z.string(),
  /** By CIDR block, with the incident of each. */
  members: z.record(z.string(), z.extend(addressSchema, { incidentId: z.string() })),
  /** From when on nobody may join. */
  sealedAt: z.optional(z.string()),
  /** Addresses that found no place. */
  over: z._default(z.optional(z.number()), 0),
  /** The storm that it belongs to: when that began, and how many addresses came before this group. */
  since: z.string(),
  before: z.number(),
});
export type Group = z.output<typeof groupSchema>;

/** Drills are apart: a drill never joins a real request. */
const keyOf = (part: 'COLLECTING' | 'ASKING', drill: boolean) => ({
  pk: 'BLOCK_GROUPS',
  sk: drill ? `${part}#drill` : part,
});

export async function readGroup(
  part: 'COLLECTING' | 'ASKING',
  drill: boolean,
  config: Config,
): Promise<Group | undefined> {
  const item = await readItem(keyOf(part, drill), config);
  return item && parseWith(groupSchema, item, 'group');
}

/** Whether an incident has not ended, so that its execution still works on its group. */
export const isOpen = async (incidentId: string, config: Config): Promise<boolean> =>
  (await readItem(recordKey(incidentId), config))?.status === 'OPEN';

/** Whether the request of a group still awaits its answer. */
export async function isAsking({ leader, lastAt }: Group, now: Date, config: Config): Promise<boolean> {
  if (!(await isOpen(leader, config))) return false;
  const question = await readQuestion(leader, 'block', config);
  return question ? question.status === 'OPEN' : secondsBetween(lastAt, now) < askingSeconds;
}

interface Joining {
  incidentId: string;
  drill: boolean;
  addresses: readonly Address[];
}

const membersOf = ({ incidentId, addresses }: Joining) =>
  Object.fromEntries(addresses.map((one) => [one.cidr, { ...one, incidentId }]));

/** Begins a group, in the place of one that is sealed or whose leader has ended. @returns false if another was faster */
export function beginGroup(joining: Joining, old: Group | undefined, now: Date, config: Config): Promise<boolean> {
  const at = now.toISOString();
  const goesOn = old && secondsBetween(old.lastAt, now) < stormSeconds;
  const storm = goesOn ? { since: old.since, before: sizeOf(old) } : { since: at, before: 0 };
  const { incidentId: leader, drill } = joining;
  const group: Group = { leader, openedAt: at, lastAt: at, members: membersOf(joining), over: 0, ...storm };
  return putIf(
    {
      Item: { ...keyOf('COLLECTING', drill), ...group },
      ConditionExpression: old ? 'leader = :old AND openedAt = :openedAt' : 'attribute_not_exists(pk)',
      ...(old ? { ExpressionAttributeValues: { ':old': old.leader, ':openedAt': old.openedAt } } : {}),
    },
    config,
  );
}

/** How many addresses a storm has brought so far. */
export const sizeOf = ({ before, members, over }: Group): number => before + Object.keys(members).length + over;

/**
 * Adds addresses to a group that still collects.
 * @returns false if it does no longer, or has no place for them all
 */
export async function joinGroup(
  joining: Joining,
  { leader }: Group,
  limit: number,
  now: Date,
  config: Config,
): Promise<boolean> {
  const members = Object.entries(membersOf(joining));
  const joined = await updateIf(
    {
      Key: keyOf('COLLECTING', joining.drill),
      UpdateExpression: `SET lastAt = :now, ${members.map((_, n) => `members.#m${n} = :m${n}`).join(', ')}`,
      ConditionExpression: 'leader = :leader AND attribute_not_exists(sealedAt) AND size(members) <= :room',
      ExpressionAttributeNames: Object.fromEntries(members.map(([cidr], n) => [`#m${n}`, cidr])),
      ExpressionAttributeValues: {
        ':now': now.toISOString(),
        ':leader': leader,
        ':room': limit - members.length,
        ...Object.fromEntries(members.map(([, member], n) => [`:m${n}`, member])),
      },
    },
    config,
  );
  return joined !== undefined;
}

/** Counts addresses that found no place. @returns how many there are by now */
export async function countOver(drill: boolean, count: number, config: Config): Promise<number> {
  const counted = await updateIf(
    {
      Key: keyOf('COLLECTING', drill),
      UpdateExpression: 'ADD #over :count',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#over': 'over' },
      ExpressionAttributeValues: { ':count': count },
      ReturnValues: 'ALL_NEW',
    },
    config,
  );
  return Number(counted?.over ?? count);
}

/** Whether a group has waited long enough for more, or is full. Pure. */
export function isComplete({ openedAt, lastAt, members }: Group, limit: number, now: Date): boolean {
  if (Object.keys(members).length >= limit) return true;
  return secondsBetween(lastAt, now) >= quietSeconds || secondsBetween(openedAt, now) >= longestSeconds;
}

/** Whether a group has waited long enough for the request of the one before it. Pure. */
export const hasWaited = ({ openedAt }: Group, now: Date): boolean =>
  secondsBetween(openedAt, now) >= longestWaitSeconds;

/**
 * Takes the turn to ask, and then closes the group to others: in this order, so that a group that is closed is asked about.
 * @returns the group with its final members; undefined if another leader has the turn
 */
export async function sealGroup(
  group: Group,
  before: Group | undefined,
  drill: boolean,
  now: Date,
  config: Config,
): Promise<Group | undefined> {
  const at = now.toISOString();
  const { leader, openedAt } = group;
  const hasTurn = await putIf(
    {
      Item: { ...keyOf('ASKING', drill), ...group, lastAt: at },
      ConditionExpression: before ? 'leader = :old OR leader = :me' : 'attribute_not_exists(pk) OR leader = :me',
      ExpressionAttributeValues: { ':me': leader, ...(before ? { ':old': before.leader } : {}) },
    },
    config,
  );
  if (!hasTurn) return undefined;
  const sealed = await updateIf(
    {
      Key: keyOf('COLLECTING', drill),
      UpdateExpression: 'SET sealedAt = if_not_exists(sealedAt, :now)',
      ConditionExpression: 'leader = :me AND openedAt = :openedAt',
      ExpressionAttributeValues: { ':now': at, ':me': leader, ':openedAt': openedAt },
      ReturnValues: 'ALL_NEW',
    },
    config,
  );
  if (!sealed) return group;
  const final = parseWith(groupSchema, sealed, 'group');
  await putItem({ ...keyOf('ASKING', drill), ...final, lastAt: at }, config);
  return final;
}
