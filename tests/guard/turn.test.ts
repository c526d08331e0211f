import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { readFailingPlaces } from '../../functions/guard/failing-places';
import { markRefusedStart, settleTurn, takeTurn } from '../../functions/guard/turn';
import { recordKey, writeEntry } from '../../functions/record/store';
import { table } from '../../functions/shared/clients/dynamodb';
import { ec2 } from '../../functions/shared/clients/ec2';
import { answering, awsError } from '../fixtures/answering';
import { config } from '../fixtures/config';
import { startTable } from '../fixtures/table';

const now = new Date('2026-11-24T02:00:00.000Z');
const later = new Date('2026-11-24T02:10:00.000Z');
const failed = { end: 'down', why: 'The instance is still not healthy.' } as const;
const wentUp = { end: 'up', why: 'It started.' } as const;
let stop: () => Promise<void>;
let count = 0;
let state: () => string;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  state = () => 'running';
  answering(ec2, () => ({
    DescribeInstances: ({ InstanceIds: [InstanceId] }: { InstanceIds: string[] }) => ({
      Reservations: [{ Instances: [{ InstanceId, State: { Name: state() }, InstanceType: 't3.medium' }] }],
    }),
  }));
});

const put = (Item: Record<string, unknown>) => table.send(new PutCommand({ TableName: config.TABLE_NAME, Item }));
const setStatus = (incidentId: string, status: string) => put({ ...recordKey(incidentId), status });
/** An incident with an instance, and places that no other test has. */
async function fresh() {
  const n = count++;
  const taker = { incidentId: `inc-${n}`, instanceId: `i-${String(n).padStart(17, '0')}` };
  await setStatus(taker.incidentId, 'OPEN');
  return { taker, places: { zone: `us-east-1${n}`, type: `type-${n}`, groups: [`asg:web-${n}`, `tg:${n}`] } };
}
const take = (taker: { incidentId: string; instanceId: string }, places: Parameters<typeof takeTurn>[1]) =>
  takeTurn(taker, places, now, config);
const turn = async (place: string) =>
  (await table.send(new GetCommand({ TableName: config.TABLE_NAME, Key: { pk: 'TURNS', sk: `TURN#${place}` } }))).Item;
const holderOf = async (place: string) => (await turn(place))?.holder;
const did = (incidentId: string, key: string) =>
  writeEntry(incidentId, { key, at: now.toISOString(), what: key }, config);
const failingNow = async (at = later) => (await readFailingPlaces(at, config)).map(({ place }) => place);

describe('a turn', () => {
  test('is taken in the zone and in each group, and as often as the step is tried', async () => {
    const { taker, places } = await fresh();

    for (const _attempt of [1, 2]) expect(await take(taker, places)).toBeUndefined();
    for (const place of [`ZONE#${places.zone}`, ...places.groups.map((group) => `GROUP#${group}`)])
      expect(await turn(place)).toMatchObject({
        holder: taker.incidentId,
        holderInstance: taker.instanceId,
        heldSince: now.toISOString(),
      });
  });

  test('in a zone is one incident’s at a time: the next is told whose it is', async () => {
    const [first, second] = [await fresh(), await fresh()];
    await take(first.taker, first.places);

    expect(await take(second.taker, { ...second.places, zone: first.places.zone })).toEqual({
      place: `ZONE#${first.places.zone}`,
      by: first.taker.incidentId,
      instanceId: first.taker.instanceId,
    });
  });

  test('is all or nothing: a busy group gives the zone and the other groups back', async () => {
    const [first, second] = [await fresh(), await fresh()];
    await take(first.taker, first.places);
    const groups = [second.places.groups[0]!, first.places.groups[0]!];

    expect(await take(second.taker, { ...second.places, groups })).toMatchObject({ by: first.taker.incidentId });
    expect(await holderOf(`ZONE#${second.places.zone}`)).toBeUndefined();
    expect(await holderOf(`GROUP#${groups[0]}`)).toBeUndefined();
    expect(await holderOf(`GROUP#${groups[1]}`)).toBe(first.taker.incidentId);
  });

  test('in a zone passes on once the holder’s incident is closed', async () => {
    const [first, second] = [await fresh(), await fresh()];
    await take(first.taker, first.places);
    await did(first.taker.incidentId, 'stop-requested');
    await setStatus(first.taker.incidentId, 'CLOSED');
    state = () => 'stopped';

    expect(await take(second.taker, { ...second.places, zone: first.places.zone })).toBeUndefined();
    expect(await holderOf(`ZONE#${first.places.zone}`)).toBe(second.taker.incidentId);
  });

  test.each<[string, string, string, boolean]>([
    ['OPEN', 'stop-requested', 'running', false],
    ['CLOSED', 'stop-requested', 'running', true],
    ['CLOSED', 'stop-requested', 'stopped', false],
    ['CLOSED', 'stop-requested', 'stopping', false],
    ['CLOSED', 'stop-requested', 'terminated', true],
    ['CLOSED', 'reboot-requested', 'stopped', true],
  ])(
    'in a group, of an incident that is %s after its %s, with its instance %s, passes on: %s',
    async (status, entry, is, passes) => {
      const [first, second] = [await fresh(), await fresh()];
      await take(first.taker, first.places);
      await did(first.taker.incidentId, entry);
      await setStatus(first.taker.incidentId, status);
      state = () => is;
      const [group] = first.places.groups;

      expect((await take(second.taker, { ...second.places, groups: [group!] })) === undefined).toBe(passes);
      expect(await holderOf(`GROUP#${group}`)).toBe(passes ? second.taker.incidentId : first.taker.incidentId);
    },
  );

  test('stays taken while EC2 does not say whether the instance is up', async () => {
    const [first, second] = [await fresh(), await fresh()];
    await take(first.taker, first.places);
    await did(first.taker.incidentId, 'stop-requested');
    await setStatus(first.taker.incidentId, 'CLOSED');
    state = () => {
      throw awsError('UnauthorizedOperation');
    };

    await expect(take(second.taker, { ...second.places, groups: first.places.groups })).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
    });
    expect(await holderOf(`GROUP#${first.places.groups[0]}`)).toBe(first.taker.incidentId);
  });
});

describe('the end of a turn', () => {
  const begun = async (...entries: string[]) => {
    const one = await fresh();
    await take(one.taker, one.places);
    for (const entry of entries) await did(one.taker.incidentId, entry);
    const [zone, group] = [`ZONE#${one.places.zone}`, `GROUP#${one.places.groups[0]}`];
    const holders = async () => [await holderOf(zone), await holderOf(group)];
    const { incidentId } = one.taker;
    return { ...one, incidentId, holders };
  };

  test('of an instance that is up gives everything back, and marks nothing', async () => {
    const { incidentId, places, holders } = await begun('stop-requested', 'start-requested');
    await settleTurn(incidentId, wentUp, now, config);

    expect(await holders()).toEqual([undefined, undefined]);
    expect(await failingNow()).not.toContain(places.zone);
  });

  test('of one that is still down keeps its groups and marks its zone', async () => {
    const { incidentId, places, holders } = await begun('stop-requested', 'start-requested');
    await settleTurn(incidentId, failed, now, config);

    expect(await holders()).toEqual([undefined, incidentId]);
    expect(await failingNow()).toContain(places.zone);
    expect(await failingNow()).not.toContain(places.type);
  });

  test('of one that was never started marks nothing; of one that was never stopped keeps nothing', async () => {
    const [stopped, neither] = [await begun('stop-requested'), await begun()];
    for (const { incidentId } of [stopped, neither]) await settleTurn(incidentId, failed, now, config);

    expect(await stopped.holders()).toEqual([undefined, stopped.incidentId]);
    expect(await neither.holders()).toEqual([undefined, undefined]);
    expect(await failingNow()).not.toContain(stopped.places.zone);
  });

  test('of one that is terminated says nothing about its zone', async () => {
    const { incidentId, places, holders } = await begun('stop-requested', 'start-requested');
    await settleTurn(incidentId, { end: 'gone', why: 'It was terminated.' }, now, config);

    expect(await holders()).toEqual([undefined, undefined]);
    expect(await failingNow()).not.toContain(places.zone);
  });

  test('comes once: what happens later under the same incident marks nothing more', async () => {
    const { incidentId, places } = await begun('stop-requested', 'start-requested');
    await settleTurn(incidentId, wentUp, now, config);
    await settleTurn(incidentId, failed, now, config);
    await markRefusedStart(incidentId, 'No capacity.', now, config);

    expect(await failingNow()).not.toContain(places.zone);
  });

  test('clears the mark that its own refused start had made', async () => {
    const { incidentId, places } = await begun('stop-requested', 'start-requested');
    await markRefusedStart(incidentId, 'No capacity.', now, config);
    expect(await failingNow()).toEqual(expect.arrayContaining([places.zone, places.type]));
    await settleTurn(incidentId, wentUp, now, config);

    expect(await failingNow()).not.toContain(places.zone);
    expect(await failingNow()).not.toContain(places.type);
  });

  test('of an incident that asked for no turn changes nothing', async () => {
    await did('inc-without', 'start-requested');
    await settleTurn('inc-without', failed, now, config);
    await markRefusedStart('inc-without', 'No capacity.', now, config);

    const { Item } = await table.send(
      new GetCommand({ TableName: config.TABLE_NAME, Key: { pk: 'INCIDENT#inc-without', sk: 'TURN' } }),
    );
    expect(Item).toBeUndefined();
  });

  test('leaves a turn that is another’s by now', async () => {
    const first = await begun();
    const second = await fresh();
    await setStatus(first.incidentId, 'CLOSED');
    await take(second.taker, { ...second.places, zone: first.places.zone });
    await settleTurn(first.incidentId, wentUp, now, config);

    expect(await holderOf(`ZONE#${first.places.zone}`)).toBe(second.taker.incidentId);
  });
});
