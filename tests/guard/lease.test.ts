import { config } from '../fixtures/config';
import { startTable } from '../fixtures/table';

type Lease = typeof import('../../functions/guard/lease');
type CircuitBreaker = typeof import('../../functions/guard/circuit-breaker');

let lease: Lease;
let circuitBreaker: CircuitBreaker;
let stop: () => Promise<void>;
let count = 0;
/** An instance of its own for each test. */
const fresh = () => `i-${String(count++).padStart(17, '0')}`;
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 24, 2, minutes));

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
  lease = await import('../../functions/guard/lease');
  circuitBreaker = await import('../../functions/guard/circuit-breaker');
});
afterAll(async () => {
  const { dynamoDb } = await import('../../functions/shared/clients/dynamodb');
  dynamoDb.destroy();
  await stop();
});

describe('a lease', () => {
  test('goes to one of many who ask at once', async () => {
    const instanceId = fresh();

    const found = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        lease.takeLease({ instanceId, incidentId: `inc-${index}` }, at(0), config),
      ),
    );

    expect(found.filter(({ verdict }) => verdict === 'TAKEN')).toHaveLength(1);
    expect(found.filter(({ verdict }) => verdict === 'HELD')).toHaveLength(9);
  });

  test('taken again by the same incident is renewed under a higher token, and the older token is fenced off', async () => {
    const holder = { instanceId: fresh(), incidentId: 'inc-a' };
    const first = await lease.takeLease(holder, at(0), config);
    const second = await lease.takeLease(holder, at(1), config);
    if (first.verdict !== 'TAKEN' || second.verdict !== 'TAKEN') throw new Error('not taken');

    expect(second.token).toBeGreaterThan(first.token);
    await expect(lease.fence({ ...holder, token: first.token }, at(2), config)).rejects.toMatchObject({
      name: 'LeaseLostError',
    });
    await expect(lease.fence({ ...holder, token: second.token }, at(2), config)).resolves.toBeUndefined();
  });

  test('that is stuck expires, and its late holder is fenced off', async () => {
    const instanceId = fresh();
    const old = await lease.takeLease({ instanceId, incidentId: 'inc-old' }, at(0), config);
    const late = at(config.LEASE_MINUTES + 1);
    const next = await lease.takeLease({ instanceId, incidentId: 'inc-new' }, late, config);
    if (old.verdict !== 'TAKEN') throw new Error('not taken');

    expect(next.verdict).toBe('TAKEN');
    const write = lease.fence({ instanceId, incidentId: 'inc-old', token: old.token }, late, config);
    await expect(write).rejects.toMatchObject({ name: 'LeaseLostError' });
  });

  test('of an expired holder is no leave to act, even when nobody else came', async () => {
    const holder = { instanceId: fresh(), incidentId: 'inc-a' };
    const taken = await lease.takeLease(holder, at(0), config);
    if (taken.verdict !== 'TAKEN') throw new Error('not taken');

    const days13 = at(13 * 24 * 60);
    await expect(lease.fence({ ...holder, token: taken.token }, days13, config)).rejects.toMatchObject({
      name: 'LeaseLostError',
    });
  });

  test('given back is free again, but the cooldown holds after an action', async () => {
    const holder = { instanceId: fresh(), incidentId: 'inc-a' };
    const taken = await lease.takeLease(holder, at(0), config);
    if (taken.verdict !== 'TAKEN') throw new Error('not taken');
    await lease.fence({ ...holder, token: taken.token }, at(1), config, { rung: 2 });
    await lease.releaseLease({ ...holder, token: taken.token }, config);

    const other = { ...holder, incidentId: 'inc-b' };
    expect(await lease.takeLease(other, at(5), config)).toMatchObject({
      verdict: 'COOLDOWN',
      lastActionAt: at(1).toISOString(),
    });
    expect(await lease.takeLease(other, at(17), config)).toMatchObject({
      verdict: 'TAKEN',
      history: { lastActionAt: at(1).toISOString(), lastRung: 2 },
    });
  });

  test('knows the last action of each incident, of the last twenty', async () => {
    const instanceId = fresh();
    const day = 24 * 60;
    for (let i = 0; i < 22; i++) {
      const holder = { instanceId, incidentId: `inc-${i}` };
      const taken = await lease.takeLease(holder, at(i * day), config);
      if (taken.verdict !== 'TAKEN') throw new Error('not taken');
      const earlier = taken.history.actedAt ?? [];
      for (const minute of [1, 2]) {
        await lease.fence({ ...holder, token: taken.token }, at(i * day + minute), config, { rung: 2, earlier });
      }
      await lease.releaseLease({ ...holder, token: taken.token }, config);
    }
    const last = await lease.takeLease({ instanceId, incidentId: 'inc-last' }, at(22 * day), config);

    const days = Array.from({ length: 20 }, (_, i) => at((i + 2) * day + 2).toISOString());
    expect(last).toMatchObject({ verdict: 'TAKEN', history: { actedAt: days } });
  });

  test('of somebody else is not given back', async () => {
    const instanceId = fresh();
    const taken = await lease.takeLease({ instanceId, incidentId: 'inc-a' }, at(0), config);
    if (taken.verdict !== 'TAKEN') throw new Error('not taken');
    await lease.releaseLease({ instanceId, incidentId: 'inc-b', token: taken.token }, config);

    expect(await lease.takeLease({ instanceId, incidentId: 'inc-c' }, at(1), config)).toMatchObject({
      verdict: 'HELD',
      holder: 'inc-a',
    });
  });
});

describe('the circuit breaker', () => {
  test('gives at most K slots, however many ask at once, and closes again after the window', async () => {
    const ask = async (index: number, now: Date): Promise<boolean> => {
      try {
        return await circuitBreaker.takeSlot(`inc-${index}`, now, config);
      } catch (error) {
        // Losing every race is answered by Step Functions' retry; here the retry is at once.
        if (error instanceof Error && error.name === 'ThrottledError') return ask(index, now);
        throw error;
      }
    };

    const granted = await Promise.all(Array.from({ length: 30 }, (_, index) => ask(index, at(0))));
    const again = await Promise.all(granted.map((_, index) => ask(index, at(10))));

    expect(granted.filter(Boolean)).toHaveLength(config.BREAKER_LIMIT);
    expect(again).toEqual(granted);
    expect(await ask(99, at(31))).toBe(true);
  });
});
