import { batchSize, handler, mostOfPart } from '../../functions/patrol/list-fleet';
import { sumUp } from '../../functions/patrol/sum-up';
import { cloudWatch } from '../../functions/shared/clients/cloudwatch';
import { ec2 } from '../../functions/shared/clients/ec2';
import { config } from '../fixtures/config';
import { answerFrom, LargeAccount } from '../fixtures/large-account';

jest.mock('../../functions/shared/clock', () => ({
  ...jest.requireActual('../../functions/shared/clock'),
  pause: async () => {},
}));
jest.mock('../../functions/shared/config', () => ({
  readConfig: () => jest.requireActual('../fixtures/config').config,
}));

const account = '123456789012';
const idsOf = (count: number) => Array.from({ length: count }, (_, i) => `i-${i.toString(16).padStart(17, '0')}`);
const settings = ['SCORE', 'HORIZON_HOURS', 'QUIET_HOURS', 'STUCK_MINUTES'].map((name) => [`PATROL_${name}`, '1']);

beforeAll(() => {
  Object.assign(process.env, Object.fromEntries(settings), { PATROL_INLINE_LIMIT: '400' });
});
beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

interface Listed {
  fleet: Awaited<ReturnType<typeof handler>>;
  scores: { scored: number; blind: number; told: number }[];
}

/** A patrol of the fleet, each batch scored, as the machine does it. */
async function patrol(ids: string[]): Promise<Listed[]> {
  answerFrom(new Map([[account, new LargeAccount(ids)]]), { ec2, cloudWatch });
  const parts: Listed[] = [];
  for (let state: object = {}; ; state = parts.at(-1)!) {
    const fleet = (await handler({ executionId: 'e', state }, {} as never)) as Listed['fleet'];
    parts.push({
      fleet,
      scores: fleet.batches.map(({ instanceIds }) => ({ scored: instanceIds.length, blind: 0, told: 1 })),
    });
    if (!fleet.after) return parts;
  }
}

test('a fleet of any size is listed in parts, each instance once, and the parts add up', async () => {
  const ids = idsOf(2 * mostOfPart + 1);
  const shuffled = [...ids].sort((a, b) => (a.slice(-1) < b.slice(-1) ? -1 : 1));
  const parts = await patrol(shuffled);

  expect(parts.map(({ fleet }) => fleet.size)).toEqual([mostOfPart, mostOfPart, 1]);
  expect(parts.flatMap(({ fleet }) => fleet.batches.flatMap(({ instanceIds }) => instanceIds))).toEqual(ids);
  expect(Math.max(...parts.flatMap(({ fleet }) => fleet.batches.map(({ instanceIds }) => instanceIds.length)))).toBe(
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
  const [first] = await patrol(idsOf(mostOfPart + 1));

  expect(Buffer.byteLength(JSON.stringify({ executionId: 'e'.repeat(200), state: first }))).toBeLessThan(262_144);
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

  expect(all).toMatchObject({ size: mostOfPart });
  expect(one.unknown).toHaveLength(299);
});
