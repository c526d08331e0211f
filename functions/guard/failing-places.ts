import { here } from '../place/here';
import { ThrottledError } from '../shared/aws-errors';
import { putIf } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { readControl } from './fleet-control';
import { markMinutes, type Places } from './places';

/** The one item with every place where starts fail in the stage's own account; each other account has one of its own. */
export const placesKey = { pk: 'PLACES', sk: 'PLACES' };
const keyHere = () => ({ ...placesKey, sk: here(placesKey.sk) });

const markSchema = z.object({ failures: z.number(), until: z.string(), by: z.string(), why: z.string() });
type Mark = z.output<typeof markSchema>;

const itemSchema = z.object({ version: z.number(), marks: z.record(z.string(), markSchema) });

/** A place where starts fail, so nothing more is stopped there for a while. */
export interface FailingPlace {
  /** As people read it: `us-east-1a`, `m5.large`, `the region`. */
  place: string;
  /** ISO 8601. */
  until: string;
  why: string;
}

/** How a restart ended: `up` means running, with both status checks passed; `gone` means terminated. */
export interface StartEnd {
  end: 'up' | 'down' | 'gone';
  /** A sentence. */
  why: string;
  /** EC2 has no capacity for the instance type, so the type is marked too. */
  isCapacity?: boolean;
  /** AWS throttled every attempt, which no zone explains, so the region is marked. */
  isThrottled?: boolean;
}

const region = 'REGION';
const zoneOf = (zone: string) => `ZONE#${zone}`;
const typeOf = (type: string) => `TYPE#${type}`;
/** The places whose marks concern a start, the widest first. */
const keysOf = ({ zone, type }: Places) => [region, zoneOf(zone), typeOf(type)];

const nameOf = (place: string) => (place === region ? 'the region' : place.slice(place.indexOf('#') + 1));
const shown = (place: string, { until, why }: Mark): FailingPlace => ({ place: nameOf(place), until, why });

/** A mark is kept this long after its time, so that the next failure lasts longer. */
const keptMs = 24 * 3_600_000;

/** How often a lost race is retried before Step Functions retries with jitter. */
const tries = 8;

/** Every place where starts fail now. A read that fails throws: unknown is not a yes. */
export async function readFailingPlaces(now: Date, config: Pick<Config, 'TABLE_NAME'>): Promise<FailingPlace[]> {
  const { marks } = await read(config);
  return standing(marks, now).map(([place, mark]) => shown(place, mark));
}

/** The mark that forbids a stop in this zone, or of this type, now; the region's comes first. */
export async function findFailingPlace(places: Places, now: Date, config: Config): Promise<FailingPlace | undefined> {
  const marks = new Map(standing((await read(config)).marks, now));
  const place = keysOf(places).find((key) => marks.has(key));
  return place === undefined ? undefined : shown(place, marks.get(place)!);
}

/**
 * Draws the conclusion from a start. One that failed marks its zone, for longer each time in a
 * row, and a second marked zone marks the region; one that succeeded clears the marks of its zone, its type and the region.
 * @throws ThrottledError when every attempt lost the race
 */
export async function markStart(
  incidentId: string,
  places: Places,
  start: StartEnd,
  now: Date,
  config: Config,
): Promise<void> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const { version, marks } = await read(config);
    const next = start.end === 'up' ? without(marks, places) : withFailure(marks, incidentId, places, start, now);
    if (next === marks) return;
    const isWritten = await putIf(
      {
        Item: { ...keyHere(), version: version + 1, marks: next },
        ConditionExpression: 'attribute_not_exists(pk) OR version = :version',
        ExpressionAttributeValues: { ':version': version },
      },
      config,
    );
    if (isWritten) return;
  }
  throw new ThrottledError(`Lost the race for the places where starts fail ${tries} times.`);
}

type Marks = Readonly<Record<string, Mark>>;

async function read(config: Pick<Config, 'TABLE_NAME'>): Promise<{ version: number; marks: Marks }> {
  const item = await readControl(keyHere(), config);
  return item ? parseWith(itemSchema, item, 'places') : { version: 0, marks: {} };
}

const standing = (marks: Marks, now: Date) =>
  Object.entries(marks).filter(([, { until }]) => until > now.toISOString());

function without(marks: Marks, places: Places): Marks {
  const gone = keysOf(places);
  return gone.some((place) => marks[place])
    ? Object.fromEntries(Object.entries(marks).filter(([place]) => !gone.includes(place)))
    : marks;
}

function withFailure(marks: Marks, by: string, { zone, type }: Places, start: StartEnd, now: Date): Marks {
  const own = zoneOf(zone);
  const isSecondZone = standing(marks, now).some(([place]) => place.startsWith('ZONE#') && place !== own);
  const failing = [
    own,
    ...(start.isCapacity ? [typeOf(type)] : []),
    ...(start.isThrottled || isSecondZone ? [region] : []),
  ];
  const kept = Object.entries(marks).filter(([, { until }]) => now.getTime() - Date.parse(until) < keptMs);
  const added = failing.map((place) => [place, markOf(marks[place], by, start.why, now)] as const);
  return Object.fromEntries([...kept, ...added]);
}

function markOf(former: Mark | undefined, by: string, why: string, now: Date): Mark {
  // One incident counts once, however often its start is tried; each try makes the mark last from then on.
  const failures = former?.by === by ? former.failures : (former?.failures ?? 0) + 1;
  return { failures, until: new Date(now.getTime() + markMinutes(failures) * 60_000).toISOString(), by, why };
}
