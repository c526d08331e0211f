import {
  assertHeld,
  claimNext,
  dropClaim,
  fence,
  releaseLease,
  takeLease,
  takeOver,
} from '../../functions/guard/lease';
import { config } from '../fixtures/config';
import { startTable } from '../fixtures/table';

let stop: () => Promise<void>;
let count = 0;
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 24, 2, minutes));
const lost = { name: 'LeaseLostError', message: expect.stringContaining('no longer holds the lease') };

/** Two incidents of an instance of their own; the first holds its lease. */
async function held() {
  const instanceId = `i-${String(count++).padStart(17, '0')}`;
  const [first, second] = [
    { instanceId, incidentId: 'inc-first' },
    { instanceId, incidentId: 'inc-second' },
  ];
  const taken = await takeLease(first, at(0), config);
  if (taken.verdict !== 'TAKEN') throw new Error('not taken');
  return { first, second, third: { instanceId, incidentId: 'inc-third' }, token: taken.token };
}

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());

test('a lease lasts as long as the stage says, to the minute', async () => {
  const { first, second } = await held();

  expect(await takeLease(first, at(0), config)).toMatchObject({
    leaseUntil: at(config.LEASE_MINUTES).toISOString(),
    history: {},
  });
  expect(await takeLease(second, at(config.LEASE_MINUTES), config)).toEqual({ verdict: 'HELD', holder: 'inc-first' });
  expect(await takeLease(second, at(config.LEASE_MINUTES + 1), config)).toMatchObject({ verdict: 'TAKEN' });
});

describe('a claim', () => {
  test('keeps the next place for one incident, and is told to others', async () => {
    const { first, second, third, token } = await held();

    expect(await claimNext(second, at(1), config)).toBe(true);
    expect(await claimNext(second, at(2), config)).toBe(true);
    expect(await claimNext(third, at(3), config)).toBe(false);
    await releaseLease({ ...first, token }, config);
    expect(await takeLease(third, at(4), config)).toEqual({ verdict: 'HELD', holder: 'inc-second' });
    expect(await takeLease(second, at(5), config)).toMatchObject({ verdict: 'TAKEN' });
  });

  test('is over when its time is', async () => {
    const { second, third } = await held();
    await claimNext(second, at(1), config);

    expect(await claimNext(third, at(config.LEASE_MINUTES + 1), config)).toBe(false);
    expect(await claimNext(third, at(config.LEASE_MINUTES + 2), config)).toBe(true);
  });

  test('is dropped by its own incident alone', async () => {
    const { second, third } = await held();
    await claimNext(second, at(1), config);

    await dropClaim(third, config);
    expect(await claimNext(third, at(2), config)).toBe(false);
    await dropClaim(second, config);
    expect(await claimNext(third, at(3), config)).toBe(true);
  });
});

describe('a lease that is taken over', () => {
  test('fences its former holder off, whose token counts no more', async () => {
    const { first, second, token } = await held();
    await claimNext(second, at(1), config);

    expect(await takeOver(second, 'inc-first', at(2), config)).toBe(true);
    await expect(fence({ ...first, token }, at(3), config)).rejects.toMatchObject(lost);
    await expect(assertHeld({ ...first, token }, at(3), config)).rejects.toMatchObject(lost);
    await expect(assertHeld({ ...second, token: token + 1 }, at(3), config)).resolves.toBeUndefined();
  });

  test('needs the claim, and the holder that it was taken for', async () => {
    const { second, third } = await held();

    expect(await takeOver(second, 'inc-first', at(2), config)).toBe(false);
    await claimNext(second, at(3), config);
    expect(await takeOver(second, 'inc-other', at(4), config)).toBe(false);
    expect(await takeOver(third, 'inc-first', at(4), config)).toBe(false);
  });

  test('lasts from then on', async () => {
    const { second } = await held();
    await claimNext(second, at(100), config);
    await takeOver(second, 'inc-first', at(100), config);

    const token = 2;
    await expect(assertHeld({ ...second, token }, at(99 + config.LEASE_MINUTES), config)).resolves.toBeUndefined();
    await expect(assertHeld({ ...second, token }, at(100 + config.LEASE_MINUTES), config)).rejects.toMatchObject(lost);
  });
});

describe('whether a lease is held', () => {
  test('is asked of incident, token and time', async () => {
    const { first, second, token } = await held();

    await expect(assertHeld({ ...first, token }, at(1), config)).resolves.toBeUndefined();
    await expect(assertHeld({ ...second, token }, at(1), config)).rejects.toMatchObject(lost);
    await expect(assertHeld({ ...first, token: token + 1 }, at(1), config)).rejects.toMatchObject(lost);
    await expect(assertHeld({ ...first, token }, at(config.LEASE_MINUTES), config)).rejects.toMatchObject(lost);
  });

  test('of an instance that never had one is no', async () => {
    await expect(
      assertHeld({ instanceId: 'i-00000000000000fff', incidentId: 'inc-first', token: 1 }, at(1), config),
    ).rejects.toMatchObject(lost);
  });
});

describe('giving a lease back', () => {
  test('under an older token gives nothing back', async () => {
    const { first, second, token } = await held();
    await takeLease(first, at(1), config);
    await releaseLease({ ...first, token }, config);

    expect(await takeLease(second, at(2), config)).toMatchObject({ verdict: 'HELD' });
    await releaseLease({ ...first, token: token + 1 }, config);
    expect(await takeLease(second, at(3), config)).toMatchObject({ verdict: 'TAKEN' });
  });

  test('without a token, for an execution that has ended, gives it back whatever the token', async () => {
    const { first, second, token } = await held();
    await releaseLease(second, config);

    expect(await takeLease(second, at(1), config)).toMatchObject({ verdict: 'HELD' });
    await releaseLease(first, config);
    await expect(fence({ ...first, token }, at(2), config)).rejects.toMatchObject(lost);
    expect(await takeLease(second, at(2), config)).toMatchObject({ verdict: 'TAKEN' });
  });
});

test('an action that counts for no ladder leaves cooldown and history alone', async () => {
  const { first, second, token } = await held();
  await fence({ ...first, token }, at(1), config);
  await releaseLease({ ...first, token }, config);

  expect(await takeLease(second, at(2), config)).toMatchObject({ verdict: 'TAKEN', history: {} });
});

test('the cooldown ends at its minute, and holds nobody off who acted himself', async () => {
  const { first, second, token } = await held();
  await fence({ ...first, token }, at(1), config, { rung: 1, earlier: [] });
  await releaseLease({ ...first, token }, config);

  expect(await takeLease(first, at(2), config)).toMatchObject({
    verdict: 'TAKEN',
    history: { lastActionAt: at(1).toISOString(), lastRung: 1, actedAt: [at(1).toISOString()] },
  });
  await releaseLease(first, config);
  expect(await takeLease(second, at(1 + config.COOLDOWN_MINUTES), config)).toMatchObject({ verdict: 'COOLDOWN' });
  expect(await takeLease(second, at(2 + config.COOLDOWN_MINUTES), config)).toMatchObject({ verdict: 'TAKEN' });
});
