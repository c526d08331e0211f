import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { markStart, readFailingPlaces } from '../../functions/guard/failing-places';
import { readControl } from '../../functions/guard/fleet-control';
import { takeTurn } from '../../functions/guard/turn';
import { table } from '../../functions/shared/clients/dynamodb';
import { config } from '../fixtures/config';
import { startTable } from '../fixtures/table';

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 24, 2, minutes));
const inA = { zone: 'us-east-1a', type: 'm5.large', groups: [] };
const former = { pk: 'FLEET', sk: 'PLACES' };
const put = (Item: Record<string, unknown>) => table.send(new PutCommand({ TableName: config.TABLE_NAME, Item }));
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());

test('a mark that an earlier release left still holds, and is carried over with the next one', async () => {
  const mark = { failures: 2, until: at(30).toISOString(), by: 'inc-1', why: 'There was no capacity.' };
  await put({ ...former, version: 7, marks: { 'ZONE#us-east-1b': mark } });

  const before = await readFailingPlaces(at(1), config);
  await markStart('inc-2', inA, { end: 'down', why: 'It did not start.' }, at(2), config);

  expect(before).toEqual([{ place: 'us-east-1b', until: mark.until, why: mark.why }]);
  expect((await readFailingPlaces(at(3), config)).map(({ place }) => place).sort()).toEqual([
    'the region',
    'us-east-1a',
    'us-east-1b',
  ]);
  expect(await readControl({ pk: 'PLACES', sk: 'PLACES' }, config)).toMatchObject({ pk: 'PLACES', version: 8 });
});

test('what an earlier release left counts for nothing once this one has written', async () => {
  await put({ pk: 'PLACES', sk: 'PLACES', version: 9, marks: {} });
  await put({
    ...former,
    version: 9,
    marks: { REGION: { failures: 1, until: at(60).toISOString(), by: 'x', why: 'x' } },
  });

  expect(await readFailingPlaces(at(4), config)).toEqual([]);
});

test('a turn that an incident of an earlier release has is not given to another one', async () => {
  await put({ pk: 'FLEET', sk: 'TURN#ZONE#us-east-1a', holder: 'inc-old', holderInstance: 'i-0123456789abcdef0' });
  await put({ pk: 'INCIDENT#inc-old', sk: 'RECORD', status: 'OPEN' });
  const taker = { incidentId: 'inc-new', instanceId: 'i-0123456789abcdef1' };

  expect(await takeTurn(taker, inA, at(5), config)).toMatchObject({ place: 'ZONE#us-east-1a', by: 'inc-old' });
  await put({ pk: 'INCIDENT#inc-old', sk: 'RECORD', status: 'CLOSED' });
  expect(await takeTurn(taker, inA, at(6), config)).toBeUndefined();
});
