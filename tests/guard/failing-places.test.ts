import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { findFailingPlace, markStart, placesKey, readFailingPlaces } from '../../functions/guard/failing-places';
import { table } from '../../functions/shared/clients/dynamodb';
import { config } from '../fixtures/config';
import { startTable } from '../fixtures/table';

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 24, 2, minutes));
const inA = { zone: 'us-east-1a', type: 'm5.large', groups: [] };
const inB = { zone: 'us-east-1b', type: 't3.micro', groups: [] };
const inC = { zone: 'us-east-1c', type: 'm5.large', groups: [] };
const down = { end: 'down', why: 'The instance is still not healthy.' } as const;
const up = { end: 'up', why: 'It started.' } as const;
const isMarked = async (places: typeof inA, minutes: number) =>
  (await findFailingPlace(places, at(minutes), config)) !== undefined;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() =>
  table.send(new PutCommand({ TableName: config.TABLE_NAME, Item: { ...placesKey, version: 0, marks: {} } })),
);

test('a start that fails marks its zone for a quarter of an hour, and no other', async () => {
  await markStart('inc-1', inA, down, at(0), config);

  expect(await findFailingPlace(inA, at(14), config)).toEqual({
    place: 'us-east-1a',
    until: at(15).toISOString(),
    why: down.why,
  });
  expect(await isMarked(inA, 15)).toBe(false);
  expect(await isMarked(inB, 1)).toBe(false);
  expect(await isMarked(inC, 1)).toBe(false);
});

test('each further incident in a row marks it for twice as long, at most four hours', async () => {
  const lengths: number[] = [];
  for (let count = 1; count <= 6; count++) {
    await markStart(`inc-${count}`, inA, down, at(count), config);
    const [mark] = await readFailingPlaces(at(count), config);
    lengths.push((Date.parse(mark!.until) - at(count).getTime()) / 60_000);
  }

  expect(lengths).toEqual([15, 30, 60, 120, 240, 240]);
});

test('one incident counts once, however often its start is tried; each try renews the mark', async () => {
  await markStart('inc-1', inA, down, at(0), config);
  await markStart('inc-1', inA, down, at(10), config);

  expect((await readFailingPlaces(at(10), config))[0]?.until).toBe(at(25).toISOString());
});

test('missing capacity marks the type in every zone, a failed status check does not', async () => {
  await markStart('inc-1', inA, { ...down, isCapacity: true }, at(0), config);

  expect(await isMarked(inC, 1)).toBe(true);
  expect(await isMarked(inB, 1)).toBe(false);
});

test('a second zone marks the region, unless the first mark has run out', async () => {
  await markStart('inc-1', inA, down, at(0), config);
  await markStart('inc-2', inB, down, at(20), config);
  expect(await isMarked(inC, 21)).toBe(false);

  await markStart('inc-3', inC, down, at(30), config);
  expect(await findFailingPlace({ ...inA, zone: 'us-east-1f' }, at(31), config)).toMatchObject({ place: 'the region' });
});

test('so does throttling that outlasts every attempt', async () => {
  await markStart('inc-1', inA, { ...down, isThrottled: true }, at(0), config);

  expect(await findFailingPlace(inB, at(1), config)).toMatchObject({ place: 'the region' });
});

test('a start that succeeds clears its zone, its type and the region, and the count begins again', async () => {
  await markStart('inc-1', inB, down, at(0), config);
  await markStart('inc-2', inA, { ...down, isCapacity: true }, at(1), config);
  await markStart('inc-3', inA, up, at(2), config);

  expect(await readFailingPlaces(at(3), config)).toMatchObject([{ place: 'us-east-1b' }]);
  await markStart('inc-4', inA, down, at(60), config);
  expect((await readFailingPlaces(at(60), config)).find(({ place }) => place === 'us-east-1a')?.until).toBe(
    at(75).toISOString(),
  );
});

test('a day after its time a mark is forgotten', async () => {
  await markStart('inc-1', inA, down, at(0), config);
  await markStart('inc-2', inB, down, at(26 * 60), config);
  await markStart('inc-3', inA, down, at(27 * 60), config);

  const found = (await readFailingPlaces(at(27 * 60), config)).find(({ place }) => place === 'us-east-1a');
  expect(found?.until).toBe(at(27 * 60 + 15).toISOString());
});

test('starts that fail at the same moment in two zones both count', async () => {
  await Promise.all([markStart('inc-1', inA, down, at(0), config), markStart('inc-2', inB, down, at(0), config)]);

  expect((await readFailingPlaces(at(1), config)).map(({ place }) => place)).toEqual(
    expect.arrayContaining(['us-east-1a', 'us-east-1b', 'the region']),
  );
});

test('a second failure in the same zone, and a type without capacity, are no second zone', async () => {
  for (const incident of ['inc-1', 'inc-2'])
    await markStart(incident, inA, { ...down, isCapacity: true }, at(0), config);

  expect((await readFailingPlaces(at(1), config)).map(({ place }) => place).sort()).toEqual(['m5.large', 'us-east-1a']);
  expect(await isMarked(inB, 1)).toBe(false);
});
