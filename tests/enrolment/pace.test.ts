import { changeEveryMs, reserveTurns } from '../../functions/enrolment/pace';
import { inPlace } from '../../functions/place/in-place';
import { config } from '../fixtures/config';
import { startTable } from '../fixtures/table';

let stop: () => Promise<void>;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());

// Each test has a day of its own: what an earlier one queued is long gone.
let now = new Date('2026-11-24T02:00:00Z');
beforeEach(() => {
  now = new Date(now.getTime() + 86_400_000);
});
const later = (ms: number) => new Date(now.getTime() + ms);

test('who comes first goes at once, and the next waits for its turns', async () => {
  expect(await reserveTurns(4, 20_000, now, config)).toBe(0);
  expect(await reserveTurns(4, 20_000, now, config)).toBe(4 * changeEveryMs);
});

test('an old queue is forgotten', async () => {
  await reserveTurns(10, 20_000, now, config);

  expect(await reserveTurns(1, 20_000, later(60_000), config)).toBe(0);
});

test('a queue that is too long reserves nothing', async () => {
  await reserveTurns(100, 20_000, now, config);

  expect(await reserveTurns(1, 20_000, now, config)).toBeUndefined();
  expect(await reserveTurns(1, 60_000, now, config)).toBe(100 * changeEveryMs);
});

test('a hundred at once never get the same turn', async () => {
  const waits = await Promise.all(Array.from({ length: 100 }, () => reserveTurns(1, 1e9, now, config)));

  expect(new Set(waits).size).toBe(100);
  expect(Math.max(...waits.map(Number))).toBe(99 * changeEveryMs);
});

test('each account has its own queue, as it has its own rates', async () => {
  const there = { place: { account: '210987654321', region: 'us-east-1' }, incidentId: 'run' };
  await reserveTurns(50, 1e9, now, config);

  expect(await inPlace(there, () => reserveTurns(4, 20_000, now, config))).toBe(0);
  expect(await inPlace(there, () => reserveTurns(4, 20_000, now, config))).toBe(4 * changeEveryMs);
});
