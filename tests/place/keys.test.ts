import { holdsSlot, takeSlot } from '../../functions/guard/circuit-breaker';
import { findFailingPlace, markStart } from '../../functions/guard/failing-places';
import { fence, releaseLease, takeLease } from '../../functions/guard/lease';
import { findingStorm, joinStorm } from '../../functions/guard/storm';
import { takeTurn } from '../../functions/guard/turn';
import { toldBy } from '../../functions/incident/told';
import { forEachPlace } from '../../functions/place/for-each-place';
import { here } from '../../functions/place/here';
import { inPlace } from '../../functions/place/in-place';
import { readItem } from '../../functions/shared/clients/table';
import { config as ofTests } from '../fixtures/config';
import { startTable } from '../fixtures/table';

const [own, spoke, second, third] = ['123456789012', '210987654321', '310987654321', '410987654321'];
const config = { ...ofTests, ACCOUNT_IDS: [own, spoke, second, third], BREAKER_LIMIT: 2, STORM_LIMIT: 2 };
const instanceId = 'i-0123456789abcdef0';
const now = new Date('2026-11-24T02:00:00.000Z');
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

const within = <T>(account: string, work: () => Promise<T>): Promise<T> =>
  inPlace(account === own ? undefined : { place: { account, region: 'us-east-1' }, incidentId: 'inc-x' }, work);

let stop: () => Promise<void>;
beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());

test('a key is as ever in the own account, and has the account before it elsewhere', async () => {
  expect(here(instanceId)).toBe(instanceId);
  expect(await within(spoke, async () => here(instanceId))).toBe(`${spoke}#${instanceId}`);
});

test('the same instance ID in two accounts has two leases and two cooldowns', async () => {
  const lease = (account: string, incidentId: string) =>
    within(account, () => takeLease({ instanceId, incidentId }, now, config));
  const taken = await lease(own, 'inc-own');
  expect(taken).toMatchObject({ verdict: 'TAKEN', token: 1 });
  expect(await lease(spoke, 'inc-spoke')).toMatchObject({ verdict: 'TAKEN', token: 1, history: {} });
  expect(await lease(spoke, 'inc-other')).toMatchObject({ verdict: 'HELD', holder: 'inc-spoke' });

  const acted = { instanceId, incidentId: 'inc-spoke', token: 1 };
  await within(spoke, () => fence(acted, now, config, { rung: 1 }));
  await expect(fence(acted, now, config)).rejects.toMatchObject({ name: 'LeaseLostError' });
  await within(spoke, () => releaseLease(acted, config));
  await releaseLease({ instanceId, incidentId: 'inc-own', token: 1 }, config);
  expect(await lease(spoke, 'inc-next')).toMatchObject({ verdict: 'COOLDOWN' });
  expect(await lease(own, 'inc-next')).toMatchObject({ verdict: 'TAKEN', history: {} });

  expect(await readItem({ pk: `INSTANCE#${instanceId}`, sk: 'GUARD' }, config)).toMatchObject({ token: 2 });
  expect(await readItem({ pk: `INSTANCE#${spoke}#${instanceId}`, sk: 'GUARD' }, config)).toMatchObject({ token: 1 });
});

test('the circuit breaker counts an account, and all of them together', async () => {
  const slot = (account: string, incidentId: string) => within(account, () => takeSlot(incidentId, now, config));
  for (const incidentId of ['a', 'b']) expect(await slot(spoke, incidentId)).toBe(true);
  expect(await slot(spoke, 'c')).toBe(false);
  expect(await slot(spoke, 'a')).toBe(true);
  expect(await slot(own, 'd')).toBe(true);
  expect(await slot(second, 'e')).toBe(true);
  // Twice the limit of an account is what all may do together.
  expect(await slot(third, 'f')).toBe(false);
  expect(await holdsSlot('e', config)).toBe(true);

  const { slots } = (await readItem({ pk: 'FLEET', sk: 'BREAKER' }, config)) as { slots: object[] };
  expect(slots).toContainEqual({ incidentId: 'd', at: now.toISOString() });
  expect(slots).toContainEqual({ incidentId: 'e', at: now.toISOString(), account: second });
});

test('a storm in one account silences no other', async () => {
  const join = (account: string, n: number) => {
    const incident = {
      ...{ incidentId: `inc-${account}-${n}`, executionId: `e-${account}-${n}`, playbook: 'tell-finding' },
      ...{ trigger: 'finding' as const, drill: false, mode: 'act' as const, openedAt: now.toISOString() },
    };
    return within(account, () => joinStorm(incident, now, config, findingStorm));
  };
  const parents = [];
  for (const n of [1, 2, 3, 4]) parents.push(await join(spoke, n));
  expect(parents.map((parent) => parent !== undefined)).toEqual([false, false, true, true]);
  expect(await join(own, 1)).toBeUndefined();
  expect(await join(second, 1)).toBeUndefined();
  for (const n of [2, 3]) parents.push(await join(second, n));
  expect(parents.at(-1)).not.toBe(parents[2]);
});

test('a zone where starts fail, and a turn in it, are those of one account', async () => {
  const places = { zone: 'us-east-1a', type: 'm5.large', groups: ['asg:web'] };
  await within(spoke, () => markStart('inc-1', places, { end: 'down', why: 'It did not start.' }, now, config));
  const failing = (account: string) => within(account, () => findFailingPlace(places, later(1), config));
  expect(await failing(spoke)).toMatchObject({ place: 'us-east-1a' });
  expect([await failing(own), await failing(second)]).toEqual([undefined, undefined]);

  const turn = (account: string, incidentId: string) =>
    within(account, () => takeTurn({ incidentId, instanceId }, places, now, config));
  expect(await turn(spoke, 'inc-turn')).toBeUndefined();
  expect(await turn(own, 'inc-turn-own')).toBeUndefined();
});

test('the same refusal in two accounts is told of each', async () => {
  const end = { outcome: 'ESCALATED' as const, code: 'protected' as const, reason: 'It is protected.' };
  const told = (account: string, n: number) => {
    const incident = {
      ...{ incidentId: `inc-told-${n}`, executionId: `e-${n}`, playbook: 'isolate-instance', instanceId },
      ...{ trigger: 'finding' as const, drill: false, mode: 'act' as const, openedAt: now.toISOString() },
    };
    return within(account, () => toldBy(incident, undefined, end, now, config));
  };
  expect([await told(own, 1), await told(spoke, 2)]).toEqual([undefined, undefined]);
  expect([await told(own, 3), await told(spoke, 4)]).toEqual(['inc-told-1', 'inc-told-2']);
});

test('in a run over all places one that fails is unknown, and the others go on', async () => {
  const scope = { accounts: config.ACCOUNT_IDS, regions: ['us-east-1'] };
  const over = await forEachPlace(scope, 'reconcile', async ({ account }) => {
    if (account === second) throw new TypeError('no answer');
    return here('key');
  });
  expect(over.found.map(({ found }) => found)).toEqual(['key', `${spoke}#key`, `${third}#key`]);
  expect(over.unknown).toEqual([{ account: second, region: 'us-east-1', why: expect.stringContaining('no answer') }]);

  const failing = forEachPlace({ ...scope, accounts: [own] }, 'reconcile', async () => {
    throw new TypeError('no answer');
  });
  await expect(failing).rejects.toThrow('no answer');

  const ownAlone = await forEachPlace(scope, 'reconcile', async ({ account }) => {
    if (account === own) throw new TypeError('no answer');
    return account;
  });
  expect(ownAlone.found.map(({ found }) => found)).toEqual([spoke, second, third]);
  expect(ownAlone.unknown).toMatchObject([{ account: own }]);
});
