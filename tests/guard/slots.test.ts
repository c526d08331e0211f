import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { holdsSlot, takeSlot } from '../../functions/guard/circuit-breaker';
import { table } from '../../functions/shared/clients/dynamodb';
import { config as stage } from '../fixtures/config';
import { startTable } from '../fixtures/table';

const config = { ...stage, BREAKER_LIMIT: 2, BREAKER_WINDOW_MINUTES: 30 };
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 24, 2, minutes));
const put = (slots: unknown[], version = 1) =>
  table.send(new PutCommand({ TableName: config.TABLE_NAME, Item: { pk: 'FLEET', sk: 'BREAKER', slots, version } }));
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => put([]));

test('a fleet has so many slots in a window, and an incident one of them however often it asks', async () => {
  expect(await takeSlot('inc-a', at(0), config)).toBe(true);
  expect(await takeSlot('inc-a', at(1), config)).toBe(true);
  expect(await takeSlot('inc-b', at(2), config)).toBe(true);
  expect(await takeSlot('inc-c', at(3), config)).toBe(false);
});

test('a slot leaves the window at its minute, and its incident may still be acting', async () => {
  await takeSlot('inc-a', at(0), config);
  await takeSlot('inc-b', at(10), config);

  expect(await takeSlot('inc-c', at(29), config)).toBe(false);
  expect(await takeSlot('inc-c', at(30), config)).toBe(true);
  expect(await holdsSlot('inc-a', config)).toBe(true);
});

test('only who has taken a slot holds one', async () => {
  await takeSlot('inc-a', at(0), config);

  expect(await holdsSlot('inc-a', config)).toBe(true);
  expect(await holdsSlot('inc-b', config)).toBe(false);
});

test('of slots that have left the window the last fifty are kept, of those in it all', async () => {
  await put(Array.from({ length: 60 }, (_, i) => ({ incidentId: `inc-${i}`, at: at(-1000 + i).toISOString() })));
  await takeSlot('inc-new', at(0), config);

  expect(await holdsSlot('inc-10', config)).toBe(false);
  expect(await holdsSlot('inc-11', config)).toBe(true);
  const busy = { ...config, BREAKER_LIMIT: 100 };
  await put(Array.from({ length: 60 }, (_, i) => ({ incidentId: `inc-${i}`, at: at(-1).toISOString() })));
  await takeSlot('inc-new', at(0), busy);
  expect(await holdsSlot('inc-0', config)).toBe(true);
});

test('losing every race is worth a retry, and takes nothing', async () => {
  const send = jest.spyOn(table, 'send');
  send.mockImplementation((async (command: { input: { Item?: unknown } }) => {
    if (!command.input.Item) return { Item: { version: 1, slots: [] } };
    throw Object.assign(new Error('lost'), { name: 'ConditionalCheckFailedException' });
  }) as never);

  await expect(takeSlot('inc-a', at(0), config)).rejects.toMatchObject({
    name: 'ThrottledError',
    message: expect.stringContaining('8 times'),
  });
  expect(send).toHaveBeenCalledTimes(16);
  send.mockRestore();
});
