import { here } from '../place/here';
import { closedEvent, openedEvent } from '../record/events';
import type { NewIncident } from '../record/incident';
import { incidentIdOf } from '../record/incident-id';
import { emit } from '../record/metrics/emit';
import { metricsOf } from '../record/metrics/of-incident';
import { openedShardOf } from '../record/opened-shard';
import { queueEvent } from '../record/queue-event';
import { recordVersion } from '../record/record-version';
import { expiryOf, recordKey } from '../record/store';
import { putIf, updateIf } from '../shared/clients/table';
import type { Config } from '../shared/config';

/** The number of incidents that started close together. */
interface StormWindow {
  startedAt: string;
  count: number;
  /** When it was last reported. */
  toldAt?: string;
}

/** Incidents from alarms, suspicions from patrols, and findings without a playbook; each kind is counted separately. */
export interface StormKind {
  /** The partition of its count, which its few owners alone may write. */
  pk: string;
  sk: string;
  /** The words of the notice, and the outcome of the parent. */
  of: string;
  /** What its size counts. */
  counted: string;
  consequence: string;
  outcome: 'ESCALATED' | 'SUSPECTED';
}

export const alarmStorm: StormKind = {
  pk: 'STORM#ALARMS',
  sk: 'STORM',
  of: 'incidents',
  counted: 'instances',
  consequence: 'automation takes no action. Find that cause',
  outcome: 'ESCALATED',
};
export const suspicionStorm: StormKind = {
  pk: 'SUSPICION_STORM',
  sk: 'SUSPICION_STORM',
  of: 'suspicions',
  counted: 'suspicions',
  consequence: 'the others are recorded without a notice each',
  outcome: 'SUSPECTED',
};

export const findingStorm: StormKind = {
  pk: 'FINDING_STORM',
  sk: 'FINDING_STORM',
  of: 'findings that no playbook handles',
  counted: 'findings',
  consequence: 'the others are recorded without a notice each. Read them in GuardDuty',
  outcome: 'ESCALATED',
};

/** The key of a kind's count: each account has its own, so that one in trouble does not silence the others. */
export const stormKeyOf = ({ pk, sk }: StormKind) => ({ pk, sk: here(sk) });

/**
 * Counts an incident and checks whether it is part of a storm: more than STORM_LIMIT within STORM_WINDOW_MINUTES.
 * A storm lasts as long as incidents follow each other within the window, so one cause has one parent.
 * @returns the parent incident's ID if this one is part of a storm
 */
export async function joinStorm(
  incident: NewIncident,
  now: Date,
  config: Config,
  kind = alarmStorm,
): Promise<string | undefined> {
  const stormWindow = (await countOn(kind, now, config)) ?? (await openStormWindow(kind, now, config));
  if (stormWindow.count <= config.STORM_LIMIT) return undefined;
  const { startedAt, count, toldAt } = stormWindow;
  await openStormRecord(kind, { startedAt }, incident, now, config);
  if (await isDueAgain(kind, toldAt, now, config))
    await openStormRecord(kind, { startedAt, size: count }, incident, now, config);
  return stormIdOf(kind, startedAt, config);
}

/** A storm that lasts is reported again every hour: one of many incidents does it, by a conditional write. */
async function isDueAgain(kind: StormKind, toldAt: string | undefined, now: Date, config: Config): Promise<boolean> {
  if (toldAt !== undefined && toldAt > new Date(now.getTime() - 3_600_000).toISOString()) return false;
  const isOurs = await updateIf(
    {
      Key: stormKeyOf(kind),
      UpdateExpression: 'SET toldAt = :now',
      ConditionExpression: toldAt === undefined ? 'attribute_not_exists(toldAt)' : 'toldAt = :known',
      ExpressionAttributeValues: { ':now': now.toISOString(), ...(toldAt === undefined ? {} : { ':known': toldAt }) },
    },
    config,
  );
  // The first report is the record that begins the storm.
  return isOurs !== undefined && toldAt !== undefined;
}

/** Counts the incident in the open storm window; undefined if there is none. */
async function countOn(kind: StormKind, now: Date, config: Config): Promise<StormWindow | undefined> {
  const cutoff = new Date(now.getTime() - config.STORM_WINDOW_MINUTES * 60_000).toISOString();
  const counted = await updateIf(
    {
      Key: stormKeyOf(kind),
      UpdateExpression: 'SET lastAt = :now ADD #count :one',
      ConditionExpression: 'startedAt > :cutoff OR (#count > :limit AND lastAt > :cutoff)',
      ExpressionAttributeNames: { '#count': 'count' },
      ExpressionAttributeValues: {
        ':now': now.toISOString(),
        ':one': 1,
        ':cutoff': cutoff,
        ':limit': config.STORM_LIMIT,
      },
      ReturnValues: 'ALL_NEW',
    },
    config,
  );
  return counted as StormWindow | undefined;
}

/** Opens a storm window; if another incident has just opened one, counts in that. */
async function openStormWindow(kind: StormKind, now: Date, config: Config): Promise<StormWindow> {
  const startedAt = now.toISOString();
  const cutoff = new Date(now.getTime() - config.STORM_WINDOW_MINUTES * 60_000).toISOString();
  const isFirst = await putIf(
    {
      Item: { ...stormKeyOf(kind), startedAt, lastAt: startedAt, count: 1 },
      ConditionExpression: 'attribute_not_exists(pk) OR startedAt <= :cutoff',
      ExpressionAttributeValues: { ':cutoff': cutoff },
    },
    config,
  );
  return (isFirst ? undefined : await countOn(kind, now, config)) ?? { startedAt, count: 1 };
}

/** The ID of a storm's parent incident. */
export const stormIdOf = ({ sk }: StormKind, startedAt: string, { STAGE }: Config) =>
  incidentIdOf(`${here(sk.toLowerCase())}#${STAGE}#${startedAt}`);

/**
 * One record for the whole storm, closed at once so that its notice is due.
 * @param storm with its size, the record says that the storm goes on, and has an ID of its own
 */
export async function openStormRecord(
  kind: StormKind,
  storm: { startedAt: string; size?: number },
  child: NewIncident,
  now: Date,
  config: Config,
): Promise<void> {
  const { of, counted, consequence, outcome } = kind;
  const begun = stormIdOf(kind, storm.startedAt, config);
  const parentId = storm.size === undefined ? begun : incidentIdOf(`${begun}#${now.toISOString()}`);
  const reason =
    storm.size === undefined
      ? `More than ${config.STORM_LIMIT} ${of} started within ${config.STORM_WINDOW_MINUTES} minutes. A single cause is likely, so ${consequence}.`
      : `The storm that began at ${storm.startedAt} goes on: ${storm.size} ${counted} so far (incident ${begun}), and ${consequence}.`;
  const { playbook, executionId, drill, mode } = child;
  const openedAt = storm.startedAt;
  const closedAt = now.toISOString();
  const Item = {
    ...recordKey(parentId),
    recordVersion,
    ...{ incidentId: parentId, executionId, playbook, trigger: 'storm', drill, mode },
    openedAt,
    ...openedShardOf(parentId, openedAt),
    status: 'CLOSED',
    ...{ outcome, code: 'storm', reason, closedAt },
    extra: { notes: [] },
    noticeState: 'PENDING',
    expiresAt: expiryOf(now, config),
  };
  const isNew = await putIf({ Item, ConditionExpression: 'attribute_not_exists(pk)' }, config);
  await queueStorm({ ...Item, trigger: 'storm' }, { outcome, code: 'storm', reason, closedAt }, now, config);
  if (!isNew) return;
  const points = metricsOf({ playbook, outcome, code: 'storm', reason, openedAt, closedAt });
  emit([...points, { name: 'Storms', value: 1, playbook }], config.STAGE);
}

/** Tells of the parent incident, which is closed as soon as it is opened. */
async function queueStorm(
  parent: Parameters<typeof openedEvent>[0],
  end: Parameters<typeof closedEvent>[1],
  now: Date,
  config: Config,
): Promise<void> {
  const expiresAt = expiryOf(now, config);
  for (const event of [openedEvent(parent, config), closedEvent(parent, end, config)])
    await queueEvent(event, now, expiresAt, config);
}
