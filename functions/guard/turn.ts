import { here } from '../place/here';
import { expiryOf, hasEntry, recordKey } from '../record/store';
import { InstanceGoneError } from '../shared/aws-errors';
import { putIf, readItem, updateIf } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { describeInstance } from './describe';
import { markStart, type StartEnd } from './failing-places';
import { readControl } from './fleet-control';
import type { Places } from './places';

/** The item with the places whose turn an incident asked for. */
const askedKey = (incidentId: string) => ({ pk: `INCIDENT#${incidentId}`, sk: 'TURN' });

const placesSchema = z.object({ zone: z.string(), type: z.string(), groups: z.array(z.string()) });
const askedSchema = z.object({ places: placesSchema, isSettled: z.boolean() });
const heldSchema = z.object({ holder: z.optional(z.string()), holderInstance: z.optional(z.string()) });

interface Taker {
  incidentId: string;
  instanceId: string;
}

/** The incident whose instance is down at the same place. */
export interface Busy {
  /** `ZONE#` and the zone, or `GROUP#` and the group. */
  place: string;
  by: string;
  instanceId: string;
}

const turnKey = (place: string) => ({ pk: 'TURNS', sk: `TURN#${here(place)}` });
const isGroup = (place: string) => place.startsWith('GROUP#');
const turnsOf = ({ zone, groups }: Places) => [`ZONE#${zone}`, ...groups.map((group) => `GROUP#${group}`)];

/**
 * Takes the turn in an instance's zone and in each of its groups: automation takes down one instance at a time there, so
 * that a first start that fails leaves the others running. All or nothing, and safe to run again.
 * @returns what is busy; undefined when the turn is taken
 */
export async function takeTurn(taker: Taker, places: Places, now: Date, config: Config): Promise<Busy | undefined> {
  // Recorded first, so that whoever closes the incident knows what to give back.
  await putIf(
    {
      Item: { ...askedKey(taker.incidentId), places, isSettled: false, expiresAt: expiryOf(now, config) },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
    config,
  );
  const taken: string[] = [];
  for (const place of turnsOf(places)) {
    const busy = await takeOne(place, taker, now, config);
    if (busy) {
      for (const one of taken) await giveBack(one, taker.incidentId, config);
      return busy;
    }
    taken.push(place);
  }
  return undefined;
}

async function takeOne(place: string, taker: Taker, now: Date, config: Config): Promise<Busy | undefined> {
  const item = await readControl(turnKey(place), config);
  const { holder, holderInstance } = item ? parseWith(heldSchema, item, 'turn') : {};
  const busy = { place, by: holder ?? 'another incident', instanceId: holderInstance ?? 'another instance' };
  const isOthers = holder !== undefined && holder !== taker.incidentId;
  if (isOthers && !(await isOver(busy, config))) return busy;
  return (await putHolder(place, taker, holder ?? taker.incidentId, now, config)) ? undefined : busy;
}

/** Takes a turn that is free, or that this former holder has. @returns whether it did */
async function putHolder(
  place: string,
  { incidentId, instanceId }: Taker,
  former: string,
  now: Date,
  config: Config,
): Promise<boolean> {
  const written = await updateIf(
    {
      Key: turnKey(place),
      UpdateExpression: 'SET holder = :me, holderInstance = :instance, heldSince = :now',
      ConditionExpression: 'attribute_not_exists(holder) OR holder = :former',
      ExpressionAttributeValues: {
        ':me': incidentId,
        ':instance': instanceId,
        ':now': now.toISOString(),
        ':former': former,
      },
    },
    config,
  );
  return written !== undefined;
}

/** Whether a holder's incident is closed and, for a group, its instance is no longer down because of it. */
async function isOver({ place, by, instanceId }: Busy, config: Config): Promise<boolean> {
  if ((await readItem(recordKey(by), config))?.status === 'OPEN') return false;
  if (!isGroup(place) || !(await hasEntry(by, 'stop-requested', config))) return true;
  try {
    return (await describeInstance(instanceId)).state === 'running';
  } catch (error) {
    if (error instanceof InstanceGoneError) return true;
    throw error;
  }
}

async function giveBack(place: string, incidentId: string, config: Config): Promise<void> {
  await updateIf(
    {
      Key: turnKey(place),
      UpdateExpression: 'REMOVE holder, holderInstance, heldSince',
      ConditionExpression: 'holder = :me',
      ExpressionAttributeValues: { ':me': incidentId },
    },
    config,
  );
}

/** Marks where a start was refused at once, while it is still tried again, so that the others end their wait. */
export async function markRefusedStart(incidentId: string, why: string, now: Date, config: Config): Promise<void> {
  const places = await readAsked(incidentId, config);
  if (places) await markStart(incidentId, places, { end: 'down', why, isCapacity: true }, now, config);
}

/**
 * Gives an incident's turn back, once, and marks where a start failed, or clears the mark where one succeeded. A group
 * stays taken while its instance is down. An incident that asked for no turn changes nothing.
 */
export async function settleTurn(incidentId: string, start: StartEnd, now: Date, config: Config): Promise<void> {
  const places = await readAsked(incidentId, config);
  if (!places) return;
  const wasStarted = start.end !== 'gone' && (await hasEntry(incidentId, 'start-requested', config));
  if (wasStarted) await markStart(incidentId, places, start, now, config);
  const mayBeDown = start.end === 'down' && (await hasEntry(incidentId, 'stop-requested', config));
  for (const place of turnsOf(places)) if (!mayBeDown || !isGroup(place)) await giveBack(place, incidentId, config);
  await updateIf(
    {
      Key: askedKey(incidentId),
      UpdateExpression: 'SET isSettled = :yes',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':yes': true },
    },
    config,
  );
}

/** The places whose turn an incident asked for and has not given back. */
async function readAsked(incidentId: string, config: Config): Promise<Places | undefined> {
  const item = await readItem(askedKey(incidentId), config);
  const { places, isSettled } = item ? parseWith(askedSchema, item, 'turn') : {};
  return isSettled ? undefined : places;
}
