import { itemsIn, putIf, putItem, readItem, updateIf, updateItem } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { factsOf } from './codes';
import { type Conclusion, conclusionSchema } from './conclusion';
import { closedEvent, openedEvent } from './events';
import type { NewIncident, TimelineEntry } from './incident';
import { emit } from './metrics/emit';
import { metricsOf } from './metrics/of-incident';
import { openedShardOf } from './opened-shard';
import { endsWell } from './outcomes';
import { queueEvent } from './queue-event';
import { recordVersion, upgradeRecord } from './record-version';

/** The record to close does not exist, or belongs to another execution. */
export class RecordNotOursError extends PlaybookError {}

/** The key of an incident's record in the table. */
export const recordKey = (incidentId: string) => ({ pk: `INCIDENT#${incidentId}`, sk: 'RECORD' });

/** Seconds since 1970 after which DynamoDB may delete an item (TTL attribute `expiresAt`). */
export function expiryOf(now: Date, config: Pick<Config, 'RECORD_RETENTION_DAYS'>): number {
  return Math.floor(now.getTime() / 1000) + config.RECORD_RETENTION_DAYS * 86_400;
}

/**
 * Opens an incident's record with a conditional write, so that one of many deliveries of an alarm transition wins.
 * @returns the execution that owns the record: this one if it was opened now or by an earlier attempt of this execution
 */
export async function openRecord(incident: NewIncident, now: Date, config: Config): Promise<{ owner: string }> {
  const { incidentId, executionId, alarm } = incident;
  await pointTo(incident, now, config);
  const item = {
    ...recordKey(incidentId),
    recordVersion,
    ...incident,
    status: 'OPEN',
    ...openedShardOf(incidentId, incident.openedAt),
    ...(alarm ? { alarmName: alarm.alarmName } : {}),
    expiresAt: expiryOf(now, config),
  };
  const isOpened = await putIf(
    {
      Item: item,
      // A late write of a timed-out attempt must not reopen a closed record.
      ConditionExpression: 'attribute_not_exists(pk) OR (executionId = :me AND #status = :open)',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':me': executionId, ':open': 'OPEN' },
    },
    config,
  );
  if (isOpened) {
    await queueEvent(openedEvent(incident, config), now, item.expiresAt, config);
    return { owner: executionId };
  }
  return { owner: String((await readItem(recordKey(incidentId), config))?.executionId) };
}

const pointerKey = (executionId: string) => ({ pk: `EXECUTION#${executionId}`, sk: 'INCIDENT' });

/** Records which incident an execution works on, so that a dead execution can be traced back to it. */
async function pointTo({ executionId, incidentId }: NewIncident, now: Date, config: Config): Promise<void> {
  await putItem({ ...pointerKey(executionId), incidentId, expiresAt: expiryOf(now, config) }, config);
}

/** The record that an execution opened and owns, if any. */
export async function findRecordOf(executionId: string, config: Config): Promise<Record<string, unknown> | undefined> {
  const pointer = await readItem(pointerKey(executionId), config);
  const item = pointer && (await readItem(recordKey(String(pointer.incidentId)), config));
  return item?.executionId === executionId ? upgradeRecord(item) : undefined;
}

/** The key of the entry with the instance's memberships, so that it can be put back exactly there. */
export const membershipEntry = 'out-of-service-requested';

/** The key of the entry that lists every change of an isolation. */
export const manifestEntry = 'manifest';

/** The key of the entry with the versions and hashes of the evidence's locked copy. */
export const lockedEntry = 'evidence-locked';

/** The timeline entry written before a patch command is sent. */
export const patchEntry = 'patch-requested';

/** What a release restores, and the list of it, are evidence: only the steps that save it may write its partition. */
const isEvidence = (key: string) =>
  key.startsWith('changed#') || [manifestEntry, membershipEntry, lockedEntry].includes(key);

/** The partition of an incident's evidence. */
export const evidencePartition = (incidentId: string) => `EVIDENCE#${incidentId}`;

const entryKey = (incidentId: string, key: string) => ({
  pk: isEvidence(key) ? evidencePartition(incidentId) : `INCIDENT#${incidentId}`,
  sk: `ENTRY#${key}`,
});

/** Where earlier releases kept all entries. */
const formerKey = (incidentId: string, key: string) => ({ pk: `INCIDENT#${incidentId}`, sk: `ENTRY#${key}` });

/**
 * Writes a timeline entry once.
 * @returns false if an entry with that key already existed: an earlier attempt got at least this far
 */
export async function writeEntry(incidentId: string, entry: TimelineEntry, config: Config): Promise<boolean> {
  const Item = { ...entryKey(incidentId, entry.key), ...entry, expiresAt: expiryOf(new Date(entry.at), config) };
  return putIf({ Item, ConditionExpression: 'attribute_not_exists(pk)' }, config);
}

/** The entry with that key, if it was ever written for the incident (strongly consistent). */
export async function readEntry(incidentId: string, key: string, config: Config): Promise<TimelineEntry | undefined> {
  const item = (await readItem(entryKey(incidentId, key), config)) as TimelineEntry | undefined;
  if (item || !isEvidence(key)) return item;
  // Evidence of an earlier release: as soon as there is any in its own partition, nothing elsewhere counts.
  const isOwn = (await readItem(entryKey(incidentId, manifestEntry), config)) !== undefined;
  return isOwn ? undefined : ((await readItem(formerKey(incidentId, key), config)) as TimelineEntry | undefined);
}

/** Whether an entry with that key was ever written for the incident (strongly consistent). */
export async function hasEntry(incidentId: string, key: string, config: Config): Promise<boolean> {
  return (await readEntry(incidentId, key, config)) !== undefined;
}

/** Whether an incident is closed (strongly consistent). */
export async function isClosed(incidentId: string, config: Config): Promise<boolean> {
  return (await readItem(recordKey(incidentId), config))?.status === 'CLOSED';
}

/** All entries of an incident in chronological order. */
export async function readTimeline(incidentId: string, config: Config): Promise<TimelineEntry[]> {
  const evidence = await entriesIn(evidencePartition(incidentId), config);
  const others = await entriesIn(`INCIDENT#${incidentId}`, config);
  // Earlier releases kept evidence with the rest; beside evidence in its own partition it does not count.
  const believed = evidence.length > 0 ? others.filter(({ key }) => !isEvidence(key)) : others;
  return [...evidence, ...believed].sort((a, b) => a.at.localeCompare(b.at));
}

/** The resources of a kind whose state was saved before the incident changed them, by their ids (strongly consistent). */
export async function changesOf(incidentId: string, kind: string, config: Config): Promise<string[]> {
  const prefix = `ENTRY#changed#${kind}#`;
  const items = (await itemsIn(evidencePartition(incidentId), prefix, config)) as { sk: string }[];
  return items.map(({ sk }) => sk.slice(prefix.length));
}

const entriesIn = (pk: string, config: Config) =>
  itemsIn(pk, 'ENTRY#', config) as Promise<unknown[]> as Promise<TimelineEntry[]>;

const evidenceSchema = z.object({ sk: z.string(), json: z.string() });

/** What was saved of an instance as JSON text, by its name in the partition of evidence (`EVIDENCE#console`). */
export async function evidenceItems(incidentId: string, config: Config): Promise<{ name: string; json: string }[]> {
  const items = await itemsIn(evidencePartition(incidentId), 'EVIDENCE#', config);
  return items
    .map((item) => parseWith(evidenceSchema, item, 'evidence'))
    .map(({ sk, json }) => ({ name: sk.slice('EVIDENCE#'.length), json }));
}

const closedSchema = z.object({ ...conclusionSchema.shape, closedAt: z.string() });

/** How a record was closed; the machine's last Choice uses `endedWell`. */
export type Closing = z.output<typeof closedSchema> & { endedWell: boolean };

/**
 * Closes a record: exactly once, by the execution that opened it. Its notice is due from then on.
 * @returns the final conclusion: the given one, or the one that an earlier attempt already wrote
 */
export async function closeRecord(
  incident: NewIncident,
  conclusion: Conclusion,
  extra: Record<string, unknown>,
  now: Date,
  config: Config,
): Promise<Closing> {
  const closedAt = now.toISOString();
  const isSilent = factsOf(conclusion.code).isReportedElsewhere === true || extra.toldBy !== undefined;
  const isClosed = await updateIf(
    {
      Key: recordKey(incident.incidentId),
      UpdateExpression:
        'SET #status = :closed, outcome = :outcome, code = :code, reason = :reason, closedAt = :at, extra = :extra' +
        (isSilent ? '' : ', noticeState = :due'),
      ConditionExpression: 'executionId = :me AND #status = :open',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':closed': 'CLOSED',
        ':open': 'OPEN',
        ':outcome': conclusion.outcome,
        ':code': conclusion.code,
        ':reason': conclusion.reason,
        ':at': closedAt,
        ':extra': { notes: [], ...extra },
        ...(isSilent ? {} : { ':due': 'PENDING' }),
        ':me': incident.executionId,
      },
    },
    config,
  );
  const closed = isClosed ? { ...conclusion, closedAt } : await readClosed(incident, config);
  // An earlier attempt may have died in between.
  await queueEvent(closedEvent(incident, closed, config), now, expiryOf(now, config), config);
  const closing = { ...closed, endedWell: endsWell(closed.outcome) };
  if (!isClosed) return closing;
  const facts = { ...conclusion, playbook: incident.playbook, openedAt: incident.openedAt, closedAt };
  emit(metricsOf({ ...facts, actedAt: instantOf(extra.actedAt) }), config.STAGE);
  return closing;
}

const instantOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** @throws RecordNotOursError when it was not closed by this execution */
async function readClosed(
  { incidentId, executionId }: NewIncident,
  config: Config,
): Promise<z.output<typeof closedSchema>> {
  const item = await readItem(recordKey(incidentId), config);
  if (item?.status !== 'CLOSED' || item.executionId !== executionId)
    throw new RecordNotOursError(`The record of ${incidentId} does not exist, or belongs to another execution.`);
  return parseWith(closedSchema, item, 'record');
}

/** Marks a record's notice as sent; until then it stays due, and a scheduled step sends it later. */
export async function markNoticeSent(incidentId: string, now: Date, config: Config): Promise<void> {
  await updateItem(
    {
      Key: recordKey(incidentId),
      UpdateExpression: 'SET noticeSentAt = :at REMOVE noticeState',
      ExpressionAttributeValues: { ':at': now.toISOString() },
    },
    config,
  );
}
