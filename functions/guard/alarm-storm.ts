import { here } from '../place/here';
import type { NewIncident } from '../record/incident';
import { expiryOf } from '../record/store';
import { putIf, readItem, updateIf } from '../shared/clients/table';
import { type Clock, pause } from '../shared/clock';
import type { Config } from '../shared/config';
import { confirmedAmong } from './confirmed-alarms';
import { readControl } from './fleet-control';
import { alarmStorm, openStormRecord, stormIdOf, stormKeyOf } from './storm';

/** A storm of alarms, from the window in which it was confirmed. */
interface Storm {
  startedAt: string;
  /** When its alarms were last confirmed. */
  lastAt: string;
  /** How many instances it has hit. */
  size: number;
}

/** Instances whose alarms went off within a window: what may be a storm, and is none until it is confirmed. */
interface Candidates {
  startedAt: string;
  count: number;
  verifiedCount?: number;
}

const stormKey = () => stormKeyOf(alarmStorm);
const candidatesKey = () => ({ pk: alarmStorm.pk, sk: here('STORM_CANDIDATES') });
const before = (now: Date, minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();

/** How long whoever is beyond the limit waits for another execution's confirmation: looks, and milliseconds between them. */
const looks = 12;
const betweenLooks = 250;

/**
 * Whether the alarm of an incident is one of a storm: more than STORM_LIMIT instances within STORM_WINDOW_MINUTES whose
 * alarms CloudWatch confirms and which are opted in. Events alone make none, so nobody holds automation back by sending
 * them. A storm that is confirmed holds the others back without a call each, has one parent, and is told again every hour.
 * @returns the parent incident's ID if this one is part of a storm
 */
export async function joinAlarmStorm(incident: NewIncident, clock: Clock, config: Config): Promise<string | undefined> {
  const { instanceId, alarm } = incident;
  if (!instanceId || !alarm) return undefined;
  const now = clock.now();
  const { isNew, startedAt, count } = await noteCandidate(instanceId, alarm.alarmName, now, config);
  const standing = await readStorm(now, config);
  if (standing) {
    if (isNew) await grow(incident, now, config);
    // Confirmed now and then, so that it ends when its alarms do.
    if (count > config.STORM_LIMIT && standing.lastAt < before(now, config.STORM_WINDOW_MINUTES / 2))
      await verify(incident, startedAt, count, now, config);
    return stormIdOf(alarmStorm, standing.startedAt, config);
  }
  return count > config.STORM_LIMIT ? decide(incident, startedAt, count, clock, config) : undefined;
}

async function noteCandidate(instanceId: string, alarmName: string, now: Date, config: Config) {
  const known = (await readItem(candidatesKey(), config)) as Candidates | undefined;
  const isOver = !known || known.startedAt <= before(now, config.STORM_WINDOW_MINUTES);
  const startedAt = isOver ? await beginWindow(now, config) : known.startedAt;
  const Item = {
    pk: `STORM#${here(startedAt)}`,
    sk: instanceId,
    alarmName,
    at: now.toISOString(),
    expiresAt: expiryOf(now, { RECORD_RETENTION_DAYS: 1 }),
  };
  const isNew = await putIf({ Item, ConditionExpression: 'attribute_not_exists(pk)' }, config);
  const counted = isNew && (await updateIf(addOne(candidatesKey(), 'count', startedAt), config));
  const count = counted ? Number(counted.count) : Number((await readItem(candidatesKey(), config))?.count ?? 0);
  return { isNew, startedAt, count };
}

const addOne = (Key: Record<string, string>, name: string, startedAt: string) => ({
  Key,
  UpdateExpression: 'ADD #name :one',
  ConditionExpression: 'startedAt = :startedAt',
  ExpressionAttributeNames: { '#name': name },
  ExpressionAttributeValues: { ':one': 1, ':startedAt': startedAt },
  ReturnValues: 'ALL_NEW' as const,
});

async function beginWindow(now: Date, config: Config): Promise<string> {
  const startedAt = now.toISOString();
  const isOurs = await putIf(
    {
      Item: { ...candidatesKey(), startedAt, count: 0 },
      ConditionExpression: 'attribute_not_exists(pk) OR startedAt <= :cutoff',
      ExpressionAttributeValues: { ':cutoff': before(now, config.STORM_WINDOW_MINUTES) },
    },
    config,
  );
  return isOurs ? startedAt : String((await readItem(candidatesKey(), config))?.startedAt);
}

async function readStorm(now: Date, config: Config): Promise<Storm | undefined> {
  const storm = (await readControl(stormKey(), config)) as Storm | undefined;
  return storm && storm.lastAt > before(now, 2 * config.STORM_WINDOW_MINUTES) ? storm : undefined;
}

/** Beyond the limit: one execution asks CloudWatch, and those that come at the same time wait for its answer. */
async function decide(incident: NewIncident, startedAt: string, count: number, clock: Clock, config: Config) {
  for (let look = 0; look < looks; look += 1) {
    const now = clock.now();
    const asked = await verify(incident, startedAt, count, now, config);
    const standing = await readStorm(now, config);
    if (standing) return stormIdOf(alarmStorm, standing.startedAt, config);
    if (asked === 'none') return undefined;
    await pause(betweenLooks);
  }
  return undefined;
}

/** @returns none: asked, and it is no storm. asked: it is one. busy: another execution is asking, or has just done so */
async function verify(incident: NewIncident, startedAt: string, count: number, now: Date, config: Config) {
  const isOurs = await updateIf(
    {
      Key: candidatesKey(),
      UpdateExpression: 'SET verifiedCount = :count, verifyingAt = :now',
      ConditionExpression:
        'startedAt = :startedAt AND (attribute_not_exists(verifyingAt) OR verifyingAt < :recently OR ' +
        'verifyingAt < :second AND verifiedCount <= :grown)',
      ExpressionAttributeValues: {
        ':count': count,
        ':now': now.toISOString(),
        ':startedAt': startedAt,
        ':second': before(now, 1 / 60),
        ':recently': before(now, 0.2),
        ':grown': count - config.STORM_LIMIT,
      },
    },
    config,
  );
  if (!isOurs) return 'busy';
  const confirmed = await confirmedAmong(startedAt, config);
  if (confirmed <= config.STORM_LIMIT) return 'none';
  await declare(incident, startedAt, confirmed, now, config);
  return 'asked';
}

/** A storm that has been confirmed not long ago goes on; else a new one begins, with a parent of its own. */
async function declare(incident: NewIncident, startedAt: string, size: number, now: Date, config: Config) {
  const at = now.toISOString();
  const goesOn = await updateIf(
    {
      Key: stormKey(),
      UpdateExpression: 'SET lastAt = :now',
      ConditionExpression: 'lastAt > :cutoff',
      ExpressionAttributeValues: { ':now': at, ':cutoff': before(now, 2 * config.STORM_WINDOW_MINUTES) },
    },
    config,
  );
  if (goesOn) return;
  const isNew = await putIf(
    {
      Item: { ...stormKey(), startedAt, lastAt: at, toldAt: at, size },
      ConditionExpression: 'attribute_not_exists(pk) OR lastAt <= :cutoff',
      ExpressionAttributeValues: { ':cutoff': before(now, 2 * config.STORM_WINDOW_MINUTES) },
    },
    config,
  );
  if (isNew) await openStormRecord(alarmStorm, { startedAt }, incident, now, config);
}

/** One more instance; a storm that lasts is told again every hour, with its size. */
async function grow(incident: NewIncident, now: Date, config: Config): Promise<void> {
  const grown = await updateIf(
    {
      Key: stormKey(),
      UpdateExpression: 'ADD #size :one',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#size': 'size' },
      ExpressionAttributeValues: { ':one': 1 },
      ReturnValues: 'ALL_NEW',
    },
    config,
  );
  if (!grown || String(grown.toldAt) > before(now, 60)) return;
  const isOurs = await updateIf(
    {
      Key: stormKey(),
      UpdateExpression: 'SET toldAt = :now',
      ConditionExpression: 'toldAt = :known',
      ExpressionAttributeValues: { ':now': now.toISOString(), ':known': grown.toldAt },
    },
    config,
  );
  const facts = { startedAt: String(grown.startedAt), size: Number(grown.size) };
  if (isOurs) await openStormRecord(alarmStorm, facts, incident, now, config);
}
