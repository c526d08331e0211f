import { here } from '../place/here';
import { readItem, updateIf } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';
import type { InstanceHistory } from './plan';

/** This incident has lost the instance's lease: another one may be working on it, so nothing is changed. */
export class LeaseLostError extends PlaybookError {}

export type LeaseResult =
  | { verdict: 'TAKEN'; token: number; leaseUntil: string; history: InstanceHistory }
  | { verdict: 'HELD'; holder: string }
  | { verdict: 'COOLDOWN'; lastActionAt: string };

/** Who has an instance, and who is next. */
export interface Guarded {
  holder?: string;
  leaseUntil?: string;
  claimedBy?: string;
  claimedUntil?: string;
  /** Who held it last. */
  lastHolder?: string;
}

export interface Holder {
  instanceId: string;
  incidentId: string;
}

/** More than ladder and cooldown allow in the two weeks that a score looks back. */
const mostActions = 20;

const leaseLost = 'This incident no longer holds the lease of the instance, so nothing more is changed.';

const keyOf = (instanceId: string) => ({ pk: `INSTANCE#${here(instanceId)}`, sk: 'GUARD' });
const minutes = (count: number) => count * 60_000;

/**
 * Takes an instance's lease for an incident with one conditional write, which also checks the cooldown.
 * The token increases each time, so a late write with an older token is fenced off.
 * The same incident may take it again, which renews it.
 */
export async function takeLease({ instanceId, incidentId }: Holder, now: Date, config: Config): Promise<LeaseResult> {
  const leaseUntil = new Date(now.getTime() + minutes(config.LEASE_MINUTES)).toISOString();
  const cooledDown = new Date(now.getTime() - minutes(config.COOLDOWN_MINUTES)).toISOString();
  const taken = await updateIf(
    {
      Key: keyOf(instanceId),
      UpdateExpression: 'SET holder = :me, leaseUntil = :until ADD #token :one',
      ConditionExpression:
        '(attribute_not_exists(holder) OR holder = :me OR leaseUntil < :now) AND ' +
        '(attribute_not_exists(claimedBy) OR claimedBy = :me OR claimedUntil < :now) AND ' +
        '(attribute_not_exists(lastActionAt) OR lastActionAt < :cooled OR lastIncident = :me)',
      ExpressionAttributeNames: { '#token': 'token' },
      ExpressionAttributeValues: {
        ':me': incidentId,
        ':until': leaseUntil,
        ':now': now.toISOString(),
        ':cooled': cooledDown,
        ':one': 1,
      },
      ReturnValues: 'ALL_NEW',
    },
    config,
  );
  if (!taken) return whyNot({ instanceId, incidentId }, now, config);
  const { token, lastActionAt, lastRung, actedAt } = taken as unknown as { token: number } & InstanceHistory;
  const history = { ...(lastActionAt ? { lastActionAt, lastRung } : {}), ...(actedAt ? { actedAt } : {}) };
  return { verdict: 'TAKEN', token, leaseUntil, history };
}

/** Who holds and who claims an instance now; a lease that has run out still names its holder (strongly consistent). */
export async function readGuard(instanceId: string, config: Config): Promise<Guarded & InstanceHistory> {
  return ((await readItem(keyOf(instanceId), config)) ?? {}) as Guarded & InstanceHistory;
}

/** Reads why the lease was refused; if that can no longer be determined, it counts as a cooldown. */
async function whyNot({ instanceId, incidentId }: Holder, now: Date, config: Config): Promise<LeaseResult> {
  const item = await readGuard(instanceId, config);
  const { holder, leaseUntil = '', claimedBy, claimedUntil = '', lastActionAt } = item;
  const isOthers = (one: string | undefined, until: string): one is string =>
    one !== undefined && one !== incidentId && until >= now.toISOString();
  if (isOthers(holder, leaseUntil)) return { verdict: 'HELD', holder };
  if (isOthers(claimedBy, claimedUntil)) return { verdict: 'HELD', holder: claimedBy };
  return { verdict: 'COOLDOWN', lastActionAt: lastActionAt ?? 'an unknown time' };
}

/**
 * Claims the instance while another incident holds its lease, so that no third one takes it next.
 * @returns whether the claim is this incident's
 */
export async function claimNext({ instanceId, incidentId }: Holder, now: Date, config: Config): Promise<boolean> {
  const until = new Date(now.getTime() + minutes(config.LEASE_MINUTES)).toISOString();
  const claimed = await updateIf(
    {
      Key: keyOf(instanceId),
      UpdateExpression: 'SET claimedBy = :me, claimedUntil = :until',
      ConditionExpression: 'attribute_not_exists(claimedBy) OR claimedBy = :me OR claimedUntil < :now',
      ExpressionAttributeValues: { ':me': incidentId, ':until': until, ':now': now.toISOString() },
    },
    config,
  );
  return claimed !== undefined;
}

/**
 * Takes the lease from its holder, whose next change is then fenced off.
 * @returns false if it is no longer that holder's
 */
export async function takeOver(
  { instanceId, incidentId }: Holder,
  from: string,
  now: Date,
  config: Config,
): Promise<boolean> {
  const until = new Date(now.getTime() + minutes(config.LEASE_MINUTES)).toISOString();
  const taken = await updateIf(
    {
      Key: keyOf(instanceId),
      UpdateExpression: 'SET holder = :me, leaseUntil = :until ADD #token :one',
      ConditionExpression: 'holder = :from AND claimedBy = :me',
      ExpressionAttributeNames: { '#token': 'token' },
      ExpressionAttributeValues: { ':me': incidentId, ':until': until, ':from': from, ':one': 1 },
    },
    config,
  );
  return taken !== undefined;
}

/** Releases a claim; another incident's claim is left alone. */
export async function dropClaim({ instanceId, incidentId }: Holder, config: Config): Promise<void> {
  await updateIf(
    {
      Key: keyOf(instanceId),
      UpdateExpression: 'REMOVE claimedBy, claimedUntil',
      ConditionExpression: 'claimedBy = :me',
      ExpressionAttributeValues: { ':me': incidentId },
    },
    config,
  );
}

/**
 * Reads whether this incident still holds the lease under this token. Writes nothing; a change also needs the fence.
 * @throws LeaseLostError if it does not
 */
export async function assertHeld(
  { instanceId, incidentId, token }: Holder & { token: number },
  now: Date,
  config: Config,
): Promise<void> {
  const item = await readItem(keyOf(instanceId), config);
  if (item?.holder === incidentId && item.token === token && String(item.leaseUntil) > now.toISOString()) return;
  throw new LeaseLostError(leaseLost);
}

/**
 * Proves with a conditional write that this incident still holds the lease under this token.
 * @param action if given, the same write records the upcoming change for cooldown and ladder; with `earlier`, the times
 *   of earlier incidents' actions, also as trouble to exclude from the baseline of a score
 * @throws LeaseLostError if it does not
 */
export async function fence(
  { instanceId, incidentId, token }: Holder & { token: number },
  now: Date,
  config: Config,
  action?: { rung: number; earlier?: readonly string[] },
): Promise<void> {
  const note = action ? ', lastActionAt = :now, lastRung = :rung, lastIncident = :me' : '';
  // Written as a whole, so that a retry records its action once.
  const actedAt = action?.earlier && [...action.earlier.slice(1 - mostActions), now.toISOString()];
  const isOurs = await updateIf(
    {
      Key: keyOf(instanceId),
      UpdateExpression: `SET seenAt = :now${note}${actedAt ? ', actedAt = :acted' : ''}`,
      ConditionExpression: 'holder = :me AND #token = :token AND leaseUntil > :now',
      ExpressionAttributeNames: { '#token': 'token' },
      ExpressionAttributeValues: {
        ':me': incidentId,
        ':token': token,
        ':now': now.toISOString(),
        ...(action ? { ':rung': action.rung } : {}),
        ...(actedAt ? { ':acted': actedAt } : {}),
      },
    },
    config,
  );
  if (!isOurs) throw new LeaseLostError(leaseLost);
}

/**
 * Releases the lease; if another incident has it by now, there is nothing to release.
 * @param token omitted if the execution that held it has ended: the removal itself fences off its late writes
 */
export async function releaseLease(
  { instanceId, incidentId, token }: Holder & { token?: number },
  config: Config,
): Promise<void> {
  const withToken = token !== undefined;
  await updateIf(
    {
      Key: keyOf(instanceId),
      UpdateExpression: 'SET lastHolder = :me REMOVE holder, leaseUntil',
      ConditionExpression: withToken ? 'holder = :me AND #token = :token' : 'holder = :me',
      ...(withToken ? { ExpressionAttributeNames: { '#token': 'token' } } : {}),
      ExpressionAttributeValues: { ':me': incidentId, ...(withToken ? { ':token': token } : {}) },
    },
    config,
  );
}
