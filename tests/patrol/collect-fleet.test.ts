import { readFileSync } from 'node:fs';
import type { GetMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import { batchesOf } from '../../functions/patrol/batches';
import {
  collectFleet,
  metricsARequest,
  mostOfAccount,
  pageEveryMs,
  patrolMetrics,
  pointsACall,
} from '../../functions/patrol/collect-fleet';
import { cloudWatch } from '../../functions/shared/clients/cloudwatch';

const ids = Array.from({ length: 100 }, (_, i) => `i-${String(i).padStart(17, '0')}`);
const from = new Date('2026-11-10T00:00:00Z');
const until = new Date('2026-11-24T00:00:00Z');

/** Answers each call in two pages with one point of each query, but never with the first metric of the first instance. */
function answering() {
  const calls: { at: number; input: GetMetricDataCommandInput }[] = [];
  jest.spyOn(cloudWatch, 'send').mockImplementation((async ({ input }: { input: GetMetricDataCommandInput }) => {
    calls.push({ at: Date.now(), input });
    const page = input.NextToken ? 1 : 0;
    const MetricDataResults = input.MetricDataQueries?.filter(({ Id }) => Id !== 'm0').map(({ Id }) => ({
      Id,
      Timestamps: [new Date(from.getTime() + page * 300_000)],
      Values: [page],
    }));
    return { MetricDataResults, ...(page === 0 ? { NextToken: 'more' } : {}) };
  }) as never);
  return calls;
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

async function collected() {
  const calls = answering();
  const pending = collectFleet(ids, from, until, 300);
  await jest.advanceTimersByTimeAsync(100_000);
  return { calls, found: await pending };
}

test('a request is for one page, every page is read, and a metric without data comes back empty', async () => {
  const { calls, found } = await collected();

  const asked = calls.filter(({ input }) => !input.NextToken).map(({ input }) => input.MetricDataQueries?.length ?? 0);
  expect(asked).toEqual([...Array.from({ length: 25 }, () => 24)]);
  expect(24 * 14 * 288).toBeLessThanOrEqual(pointsACall);
  expect(calls).toHaveLength(50);
  expect([...found.keys()]).toEqual(ids);
  expect([...found.values()].every((series) => series.length === patrolMetrics.length)).toBe(true);
  expect(found.get(ids[0]!)?.[0]).toEqual({ metric: patrolMetrics[0], times: [], values: [] });
  expect(found.get(ids[99]!)?.[5]).toMatchObject({ metric: patrolMetrics[5], values: [0, 1] });
});

test('the batches that the machine has at once read no faster than CloudWatch gives data points', async () => {
  const { calls } = await collected();
  const machine = readFileSync('statemachines/patrol-fleet.asl.yml', 'utf8');
  const paths = [...machine.matchAll(/MaxConcurrency\w*: (\S+)/g)].map(([, path]) => path);
  const place = { account: '123456789012', region: 'us-east-1' };
  const { atOnce } = batchesOf([{ place, instanceIds: Array.from({ length: 10_000 }, (_, i) => `i-${i}`) }]);

  expect(calls[1]!.at - calls[0]!.at).toBeGreaterThanOrEqual(pageEveryMs);
  expect(paths).toEqual(['$.fleet.atOnce']);
  expect(atOnce).toBe(mostOfAccount);
  expect((atOnce * 100_800 * 1000) / pageEveryMs).toBeLessThanOrEqual(396_000);
});

test('requests of all batches of an account that meet in one second are within its quota of datapoints', () => {
  const points = metricsARequest(from, until, 300) * 14 * 288;

  expect(mostOfAccount * points).toBeLessThanOrEqual(396_000);
  expect([metricsARequest(from, new Date(from.getTime() + 3_600_000), 300), metricsARequest(from, until, 1)]).toEqual([
    500, 1,
  ]);
});

test('the batch that comes next waits as well', async () => {
  answering();
  const began = Date.now();
  const ended = collectFleet(ids.slice(0, 1), from, until, 300).then(() => Date.now());
  await jest.advanceTimersByTimeAsync(60_000);

  expect((await ended) - began).toBe(2 * pageEveryMs);
});
