import { type Batch, batchSize } from '../../functions/patrol/batches';
import { handler, mostOfPart } from '../../functions/patrol/list-fleet';
import { sumUp } from '../../functions/patrol/sum-up';
import { cloudWatch } from '../../functions/shared/clients/cloudwatch';
import { ec2 } from '../../functions/shared/clients/ec2';
import { s3 } from '../../functions/shared/clients/s3';
import { config } from '../fixtures/config';
import { answerFrom, LargeAccount } from '../fixtures/large-account';

// What waits lets the clock go on: nothing here takes real time.
let now = Date.parse('2026-11-24T02:00:00Z');
jest.mock('../../functions/shared/clock', () => ({
  ...jest.requireActual('../../functions/shared/clock'),
  pause: async (ms: number) => {
    now += ms;
  },
}));
jest.mock('../../functions/shared/config', () => ({
  readConfig: () => jest.requireActual('../fixtures/config').config,
}));

const account = '123456789012';
const idsOf = (count: number) => Array.from({ length: count }, (_, i) => `i-${i.toString(16).padStart(17, '0')}`);

beforeAll(() => {
  process.env.PATROL_BUCKET = 'patrol';
});
/** The lists in the bucket, by their keys. */
const lists = new Map<string, Batch[]>();
beforeEach(() => {
  lists.clear();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  jest.spyOn(s3, 'send').mockImplementation((async ({ input }: { input: { Key: string; Body: string } }) => {
    lists.set(input.Key, JSON.parse(input.Body));
  }) as never);
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

interface Listed {
  fleet: Awaited<ReturnType<typeof handler>>;
  batches: Batch[];
  scores: { scored: number; blind: number; told: number }[];
}

/** A patrol of the fleet, each batch scored, as the machine does it. */
async function patrol(ids: string[]): Promise<Listed[]> {
  answerFrom(new Map([[account, new LargeAccount(ids)]]), { ec2, cloudWatch });
  const parts: Listed[] = [];
  for (let state: object = {}; ; ) {
    const fleet = (await handler({ executionId: 'e', state }, {} as never)) as Listed['fleet'];
    const batches = lists.get(fleet.key)!;
    const scores = batches.map(({ instanceIds }) => ({ scored: instanceIds.length, blind: 0, told: 1 }));
    parts.push({ fleet, batches, scores });
    if (!fleet.after) return parts;
    state = { fleet, scores };
  }
}

test('a fleet of any size is listed in parts, each instance once, and the parts add up', async () => {
  const ids = idsOf(2 * mostOfPart + 1);
  const shuffled = [...ids].sort((a, b) => (a.slice(-1) < b.slice(-1) ? -1 : 1));
  const parts = await patrol(shuffled);

  expect(parts.map(({ fleet }) => fleet.size)).toEqual([mostOfPart, mostOfPart, 1]);
  expect(parts.flatMap(({ batches }) => batches.flatMap(({ instanceIds }) => instanceIds))).toEqual(ids);
  expect(Math.max(...parts.flatMap(({ batches }) => batches.map(({ instanceIds }) => instanceIds.length)))).toBe(
    batchSize,
  );
  expect(sumUp(parts.at(-1)!, { stuck: 0, told: [] })).toMatchObject({
    ...{ verdict: 'COMPLETE', size: ids.length, scored: ids.length, told: parts.flatMap((one) => one.scores).length },
  });
});

test('a batch that failed in an earlier part keeps the patrol from ending green', async () => {
  const [first, ...others] = await patrol(idsOf(mostOfPart + 1));
  answerFrom(new Map([[account, new LargeAccount(idsOf(mostOfPart + 1))]]), { ec2, cloudWatch });
  const scores = [{ failed: true as const }, ...first!.scores.slice(1)];
  const state = { fleet: first!.fleet, scores };
  const fleet = await handler({ executionId: 'e', state }, {} as never);

  expect(sumUp({ fleet, scores: others[0]!.scores } as never, { stuck: 0, told: [] })).toMatchObject({
    verdict: 'INCOMPLETE',
    reason: `1 of ${mostOfPart / batchSize + 1} batches could not be scored.`,
  });
});

test('what a part leaves in the state of the machine fits into it, with the results beside it', async () => {
  const [{ fleet, scores } = {}] = await patrol(idsOf(mostOfPart + 1));
  const state = { fleet, scores };

  expect(scores!.length).toBe(mostOfPart / batchSize);
  expect(Buffer.byteLength(JSON.stringify({ executionId: 'e'.repeat(200), state }))).toBeLessThan(262_144);
});

test('a part of three hundred accounts fits into it too, whether they can be read or not', async () => {
  const accounts = Array.from({ length: 300 }, (_, i) => String(100_000_000_000 + i));
  const listOf = async (refusedFrom: number) => {
    const large = accounts.map((one, i) => {
      const found = new LargeAccount(idsOf(41).map((id) => `${id.slice(0, -3)}${i.toString(16).padStart(3, '0')}`));
      if (i >= refusedFrom) found.refusal = new Error(`no answer from ${one} ${'x'.repeat(500)}`);
      return [one, found] as const;
    });
    answerFrom(new Map(large), { ec2, cloudWatch });
    return handler({ executionId: 'e' }, {} as never);
  };
  const ids = jest.replaceProperty(config, 'ACCOUNT_IDS', accounts);
  const all = await listOf(300);
  const one = await listOf(1);
  ids.restore();

  // Of each account a full batch, and one that is not.
  expect(all).toMatchObject({ size: 300 * 41, batches: 600 });
  expect(one.unknown).toHaveLength(299);
});
