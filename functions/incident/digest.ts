import type { Conclusion } from '../record/conclusion';
import type { NewIncident } from '../record/incident';
import { incidentIdOf } from '../record/incident-id';
import { openedShardOf } from '../record/opened-shard';
import type { Outcome } from '../record/outcomes';
import { recordVersion } from '../record/record-version';
import { expiryOf, recordKey, writeEntry } from '../record/store';
import { putIf, updateIf } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { plural } from '../shared/plural';

/** Ends that nobody has to act on at once. */
const calm: readonly Outcome[] = ['SKIPPED', 'OBSERVED', 'REJECTED'];
/** How long a digest collects: its notice is sent after that. */
const windowMs = 3_600_000;
/** A notice has 256 KB at most (source: Amazon SNS quotas). Those beyond are counted, and name the digest in their records. */
const mostListed = 500;

/** Ends alike, counted from the first one of an hour. */
interface Alike {
  startedAt: string;
  count: number;
}

type Ended = Pick<NewIncident, 'incidentId' | 'playbook' | 'executionId' | 'mode' | 'drill' | 'trigger' | 'instanceId'>;

/**
 * Many incidents that end alike, without anything to do, must not overwhelm people: as many as would make a storm have their
 * own notices within an hour, and the others one that lists them. What a person started always has its own.
 * @returns the incident with that notice, if there is one
 */
export async function inDigest(
  incident: Ended,
  conclusion: Conclusion,
  now: Date,
  config: Config,
): Promise<string | undefined> {
  if (incident.trigger === 'manual' || !calm.includes(conclusion.outcome)) return undefined;
  const key = keyOf(incident, conclusion);
  const alike = (await countOn(key, now, config)) ?? (await begin(key, now, config));
  const beyond = alike.count - config.STORM_LIMIT;
  if (beyond <= 0) return undefined;
  const digestId = incidentIdOf([config.STAGE, key.pk, key.sk, alike.startedAt].join('#'));
  await openDigest(digestId, alike, incident, conclusion, now, config);
  await addTo(digestId, beyond, incident, conclusion, now, config);
  return digestId;
}

const keyOf = ({ playbook, drill }: Ended, { outcome, code }: Conclusion) => ({
  pk: 'DIGESTS',
  sk: [playbook, outcome, code, ...(drill ? ['drill'] : [])].join('#'),
});
type Key = ReturnType<typeof keyOf>;

async function countOn(key: Key, now: Date, config: Config): Promise<Alike | undefined> {
  const counted = await updateIf(
    {
      Key: key,
      UpdateExpression: 'ADD #count :one',
      ConditionExpression: 'startedAt > :cutoff',
      ExpressionAttributeNames: { '#count': 'count' },
      ExpressionAttributeValues: { ':one': 1, ':cutoff': new Date(now.getTime() - windowMs).toISOString() },
      ReturnValues: 'ALL_NEW',
    },
    config,
  );
  return counted as Alike | undefined;
}

/** Begins an hour; if another incident has just begun it, counts in that. */
async function begin(key: Key, now: Date, config: Config): Promise<Alike> {
  const startedAt = now.toISOString();
  const expiresAt = expiryOf(now, { RECORD_RETENTION_DAYS: 1 });
  const isFirst = await putIf(
    {
      Item: { ...key, startedAt, count: 1, expiresAt },
      ConditionExpression: 'attribute_not_exists(pk) OR startedAt <= :cutoff',
      ExpressionAttributeValues: { ':cutoff': new Date(now.getTime() - windowMs).toISOString() },
    },
    config,
  );
  return (isFirst ? undefined : await countOn(key, now, config)) ?? { startedAt, count: 1 };
}

/** A record that is closed from the end of its hour on: then its notice is due, and sent by the step that sends what is due. */
async function openDigest(
  digestId: string,
  { startedAt }: Alike,
  { playbook, executionId, drill, mode }: Ended,
  { outcome }: Conclusion,
  now: Date,
  config: Config,
): Promise<void> {
  const Item = {
    ...recordKey(digestId),
    recordVersion,
    ...{ incidentId: digestId, executionId, playbook, trigger: 'storm', drill, mode },
    openedAt: startedAt,
    ...openedShardOf(digestId, startedAt),
    status: 'CLOSED',
    ...{ outcome, code: 'many-alike', reason: 'Many incidents ended alike.', grouped: 0 },
    closedAt: new Date(Date.parse(startedAt) + windowMs).toISOString(),
    extra: { notes: [] },
    noticeState: 'PENDING',
    expiresAt: expiryOf(now, config),
  };
  await putIf({ Item, ConditionExpression: 'attribute_not_exists(pk)' }, config);
}

/** Lists an incident, and says how many there are by now. */
async function addTo(
  digestId: string,
  grouped: number,
  { incidentId, playbook, instanceId }: Ended,
  { outcome, code, reason }: Conclusion,
  now: Date,
  config: Config,
): Promise<void> {
  const what = `${incidentId}${instanceId ? ` (${instanceId})` : ''}: ${reason}`.slice(0, 300);
  if (grouped <= mostListed)
    await writeEntry(digestId, { key: `alike#${incidentId}`, at: now.toISOString(), what }, config);
  const listed = grouped > mostListed ? `The first ${mostListed} are listed below.` : 'They are listed below.';
  const words = `Besides ${config.STORM_LIMIT} that have their own notices, ${plural(grouped, 'incident')} of ${playbook} ended as ${outcome} (${code}) within an hour. Each has its record. ${listed}`;
  await updateIf(
    {
      Key: recordKey(digestId),
      UpdateExpression: 'SET reason = :reason, grouped = :count',
      ConditionExpression: 'grouped < :count',
      ExpressionAttributeValues: { ':reason': words, ':count': grouped },
    },
    config,
  );
}
