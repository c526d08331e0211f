import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isConditionFailed } from '../shared/aws-errors';
import { table } from '../shared/clients/dynamodb';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { factsOf } from './codes';
import { type Conclusion, conclusionSchema } from './conclusion';
import type { NewIncident, TimelineEntry } from './incident';
import { emit } from './metrics/emit';
import { metricsOf } from './metrics/of-incident';
import { endsWell } from './outcomes';
import { recordVersion, upgradeRecord } from './record-version';

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
    openedMonth: incident.openedAt.slice(0, 7),
    ...(alarm ? { alarmName: alarm.alarmName } : {}),
    expiresAt: expiryOf(now, config),
  };
  try {
    await table.send(
      new PutCommand({
        TableName: config.TABLE_NAME,
        Item: item,
        // A late write of a timed-out attempt must not reopen a closed record.
        ConditionExpression: 'attribute_not_exists(pk) OR (executionId = :me AND #status = :open)',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':me': executionId, ':open': 'OPEN' },
      }),
    );
    return { owner: executionId };
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    const { Item } = await table.send(
      new GetCommand({ TableName: config.TABLE_NAME, Key: recordKey(incidentId), ConsistentRead: true }),
    );
    return { owner: String(Item?.executionId) };
  }
}

const pointerKey = (executionId: string) => ({ pk: `EXECUTION#${executionId}`, sk: 'INCIDENT' });

/** Records which incident an execution works on, so that a dead execution can be traced back to it. */
async function pointTo({ executionId, incidentId }: NewIncident, now: Date, config: Config): Promise<void> {
  const Item = { ...pointerKey(executionId), incidentId, expiresAt: expiryOf(now, config) };
  await table.send(new PutCommand({ TableName: config.TABLE_NAME, Item }));
}

/** The record that an execution opened and owns, if any. */
export async function findRecordOf(executionId: string, config: Config): Promise<Record<string, unknown> | undefined> {
  const pointer = await table.send(
    new GetCommand({ TableName: config.TABLE_NAME, Key: pointerKey(executionId), ConsistentRead: true }),
  );
  if (!pointer.Item) return undefined;
  const { Item } = await table.send(
    new GetCommand({
      TableName: config.TABLE_NAME,
      Key: recordKey(String(pointer.Item.incidentId)),
      ConsistentRead: true,
    }),
  );
  return Item?.executionId === executionId ? upgradeRecord(Item) : undefined;
}

/** The key of the entry with the instance's memberships, so that it can be put back exactly there. */
export const membershipEntry = 'out-of-service-requested';

const entryKey = (incidentId: string, key: string) => ({ pk: `INCIDENT#${incidentId}`, sk: `ENTRY#${key}` });

/**
 * Writes a timeline entry once.
 * @returns false if an entry with that key already existed: an earlier attempt got at least this far
 */
export async function writeEntry(incidentId: string, entry: TimelineEntry, config: Config): Promise<boolean> {
  try {
    await table.send(
      new PutCommand({
        TableName: config.TABLE_NAME,
        Item: { ...entryKey(incidentId, entry.key), ...entry, expiresAt: expiryOf(new Date(entry.at), config) },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return true;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return false;
  }
}

/** The entry with that key, if it was ever written for the incident (strongly consistent). */
export async function readEntry(incidentId: string, key: string, config: Config): Promise<TimelineEntry | undefined> {
  const { Item } = await table.send(
    new GetCommand({ TableName: config.TABLE_NAME, Key: entryKey(incidentId, key), ConsistentRead: true }),
  );
  return Item as TimelineEntry | undefined;
}

/** Whether an entry with that key was ever written for the incident (strongly consistent). */
export async function hasEntry(incidentId: string, key: string, config: Config): Promise<boolean> {
  return (await readEntry(incidentId, key, config)) !== undefined;
}

/** All entries of an incident in chronological order. */
export async function readTimeline(incidentId: string, config: Config): Promise<TimelineEntry[]> {
  const { Items } = await table.send(
    new QueryCommand({
      TableName: config.TABLE_NAME,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :entry)',
      ExpressionAttributeValues: { ':pk': `INCIDENT#${incidentId}`, ':entry': 'ENTRY#' },
      ConsistentRead: true,
    }),
  );
  return ((Items ?? []) as TimelineEntry[]).sort((a, b) => a.at.localeCompare(b.at));
}

const closedSchema = z.extend(conclusionSchema, { closedAt: z.string() });

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
  const isSilent = factsOf(conclusion.code).isToldElsewhere === true;
  try {
    await table.send(
      new UpdateCommand({
        TableName: config.TABLE_NAME,
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
      }),
    );
    const facts = { ...conclusion, playbook: incident.playbook, openedAt: incident.openedAt, closedAt };
    emit(metricsOf({ ...facts, actedAt: instantOf(extra.actedAt) }), config.STAGE);
    return { ...conclusion, closedAt, endedWell: endsWell(conclusion.outcome) };
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return readClosed(incident, config, error);
  }
}

const instantOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

async function readClosed(incident: NewIncident, config: Config, cause: unknown): Promise<Closing> {
  const { Item } = await table.send(
    new GetCommand({ TableName: config.TABLE_NAME, Key: recordKey(incident.incidentId), ConsistentRead: true }),
  );
  if (Item?.status !== 'CLOSED' || Item.executionId !== incident.executionId) throw cause;
  const { closedAt, ...conclusion } = parseWith(closedSchema, Item, 'record');
  return { ...conclusion, closedAt, endedWell: endsWell(conclusion.outcome) };
}

/** Marks a record's notice as sent; until then it stays due, and a scheduled step sends it later. */
export async function markNoticeSent(incidentId: string, now: Date, config: Config): Promise<void> {
  await table.send(
    new UpdateCommand({
      TableName: config.TABLE_NAME,
      Key: recordKey(incidentId),
      UpdateExpression: 'SET noticeSentAt = :at REMOVE noticeState',
      ExpressionAttributeValues: { ':at': now.toISOString() },
    }),
  );
}
