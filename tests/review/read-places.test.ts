import { readFileSync } from 'node:fs';
import type { GetMetricDataCommandInput, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { metricsARequest, pageEveryMs } from '../../functions/patrol/collect-fleet';
import { PlaceUnreachableError } from '../../functions/place/errors';
import { currentStay } from '../../functions/place/in-place';
import { mostSeries } from '../../functions/review/not-read';
import { readPlaces } from '../../functions/review/read-places';
import { readingMs } from '../../functions/review/read-series';
import { cloudWatch } from '../../functions/shared/clients/cloudwatch';

const [own, spoke, lost] = ['123456789012', '210987654321', '310987654321'];
const scope = { accounts: [own, spoke, lost], regions: ['us-east-1'] };
const placed = (account: string) => ({ account, region: 'us-east-1' });
const [from, until] = [new Date('2026-11-01T00:00:00Z'), new Date('2026-11-29T00:00:00Z')];
const alarmName = 'restart-instance-dev-cpu-high-i-0123456789abcdef0';
const valuesIn: Record<string, number> = { [own]: 1, [spoke]: 2 };

interface Call {
  account: string;
  run: string | undefined;
  at: number;
  command: string;
  input: Partial<GetMetricDataCommandInput> & { AlarmNames?: string[] };
}
let calls: Call[];
let alarms: (name: string) => Partial<MetricAlarm>;

/** CloudWatch of every account, each with the same names of alarms and instances, and its own values. */
async function answer(command: { constructor: { name: string }; input: Call['input'] }) {
  const stay = currentStay();
  const account = stay?.place.account ?? own;
  const name = command.constructor.name.replace('Command', '');
  calls.push({ account, run: stay?.incidentId, at: Date.now(), command: name, input: command.input });
  if (account === lost) throw new PlaceUnreachableError(`Account ${lost} cannot be reached.`);
  if (name === 'DescribeAlarms')
    return { MetricAlarms: command.input.AlarmNames?.map((one) => ({ AlarmName: one, ...alarms(one) })) };
  const MetricDataResults = command.input.MetricDataQueries?.map(({ Id }) => ({
    ...{ Id, Timestamps: [from], Values: [valuesIn[account]! * 1000 + Number(Id?.slice(1))] },
  }));
  return { MetricDataResults };
}

const ordinary: Partial<MetricAlarm> = {
  ...{ MetricName: 'CPUUtilization', Namespace: 'AWS/EC2', Statistic: 'Average', Period: 300, Threshold: 80 },
  ...{ ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 3 },
};

beforeEach(() => {
  jest.useFakeTimers();
  calls = [];
  alarms = () => ordinary;
  jest.spyOn(cloudWatch, 'send').mockImplementation(answer as never);
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

async function read(
  wanted: Parameters<typeof readPlaces>[0],
  more: { hasTime?: () => boolean; scope?: typeof scope } = {},
) {
  const reading = { from, until, ...(more.hasTime ? { hasTime: more.hasTime } : {}) };
  const pending = readPlaces(wanted, more.scope ?? scope, 'review-incidents-x', reading);
  // Whoever awaits it hears of the error.
  pending.catch(() => {});
  await jest.advanceTimersByTimeAsync(300_000);
  return pending;
}

test('the same alarm of the same instance has its own series in each account, read with that account’s session', async () => {
  const { series, notRead } = await read([{ alarmName }, { alarmName, place: placed(spoke) }]);

  expect(series.map(({ place, alarmName: name, values }) => [place?.account, name, values])).toEqual([
    [undefined, alarmName, [1000]],
    [spoke, alarmName, [2000]],
  ]);
  expect(notRead).toEqual([]);
  expect(calls.filter(({ account }) => account === spoke).map(({ run }) => run)).toEqual([
    'review-incidents-x',
    'review-incidents-x',
  ]);
  // Whose alarms none had an incident is not asked for anything.
  expect(calls.map(({ account }) => account)).not.toContain(lost);
});

test('an account that cannot be reached is named with its alarms, and fails alone', async () => {
  const { series, notRead } = await read([
    { alarmName, place: placed(lost) },
    { alarmName, place: placed(spoke) },
  ]);

  expect(series.map(({ place }) => place?.account)).toEqual([spoke]);
  expect(notRead).toEqual([
    { place: placed(lost), alarmNames: [alarmName], why: `PlaceUnreachableError: Account ${lost} cannot be reached.` },
  ]);
});

test('what cannot be read in a stage of one account is an error, as ever', async () => {
  jest.spyOn(cloudWatch, 'send').mockRejectedValue(new Error('not today') as never);

  await expect(read([{ alarmName }], { scope: { ...scope, accounts: [own] } })).rejects.toThrow('not today');
});

test('an account that the stage does not list any more is not entered, and is named', async () => {
  const { notRead } = await read([{ alarmName, place: placed('999988887777') }]);

  expect(calls).toEqual([]);
  expect(notRead).toEqual([
    { place: placed('999988887777'), alarmNames: [alarmName], why: expect.stringContaining('does not list') },
  ]);
});

test('a request asks for its share of the quota of datapoints, and the next one of the account waits', async () => {
  const names = Array.from({ length: 30 }, (_, i) => `alarm-${i}`);
  const { series } = await read(names.map((name) => ({ alarmName: name, place: placed(spoke) })));
  const asked = calls.filter(({ command }) => command === 'GetMetricData');
  const most = metricsARequest(from, until, 300);

  expect(asked.map(({ input }) => input.MetricDataQueries?.length)).toEqual([most, most, 30 - 2 * most]);
  expect(asked[1]!.at - asked[0]!.at).toBeGreaterThanOrEqual(pageEveryMs);
  expect(series.map(({ values }) => values[0])).toEqual(names.map((_, i) => 2000 + (i % most)));
});

test('alarms of several periods are asked for apart, each at its own', async () => {
  alarms = (name) => ({ ...ordinary, Period: name === 'fast' ? 60 : 300 });
  await read([{ alarmName: 'slow' }, { alarmName: 'fast' }]);
  const asked = calls.filter(({ command }) => command === 'GetMetricData');

  expect(asked.map(({ input }) => input.MetricDataQueries?.map(({ MetricStat }) => MetricStat?.Period))).toEqual([
    [300],
    [60],
  ]);
});

test.each<[string, Partial<MetricAlarm>]>([
  ['on an expression', { MetricName: undefined }],
  ['without a statistic', { Statistic: undefined }],
  ['below a threshold', { ComparisonOperator: 'LessThanThreshold' }],
  ['deleted', { AlarmName: undefined }],
])('an alarm that is %s is not read, and named', async (_what, change) => {
  alarms = () => ({ ...ordinary, ...change });
  const { series, notRead } = await read([{ alarmName }]);

  expect([series, calls.map(({ command }) => command)]).toEqual([[], ['DescribeAlarms']]);
  expect(notRead).toEqual([{ alarmNames: [alarmName], why: expect.stringContaining('no other threshold') }]);
});

test('alarms that there is no time for are named, by account, and what was read counts', async () => {
  const until = Date.now() + pageEveryMs + 1;
  const names = Array.from({ length: 130 }, (_, i) => ({ alarmName: `alarm-${i}`, place: placed(spoke) }));
  const { series, notRead } = await read(names, { hasTime: () => Date.now() < until });

  expect(series.length).toBe(2 * metricsARequest(from, new Date('2026-11-29T00:00:00Z'), 300));
  expect(notRead).toEqual([{ place: placed(spoke), alarmNames: expect.any(Array), why: 'there was no time' }]);
  expect(series.length + notRead[0]!.alarmNames.length).toBe(130);
});

test('alarms beyond the most are named, and not read', async () => {
  const names = Array.from({ length: mostSeries + 2 }, (_, i) => ({ alarmName: `alarm-${i}` }));
  const { series, notRead } = await read(names);

  expect(series).toHaveLength(mostSeries);
  expect(notRead).toEqual([
    {
      alarmNames: [`alarm-${mostSeries}`, `alarm-${mostSeries + 1}`],
      why: expect.stringContaining(`${mostSeries} alarms`),
    },
  ]);
});

test('where no time is left at the beginning, nobody is asked, and each account is named with its own alarms', async () => {
  const wanted = [
    { alarmName: 'a' },
    { alarmName: 'b', place: placed(spoke) },
    { alarmName: 'c', place: placed(lost) },
  ];
  const { series, notRead } = await read(wanted, { hasTime: () => false });

  expect([series, calls]).toEqual([[], []]);
  expect(notRead.map(({ place, alarmNames }) => [place?.account, alarmNames])).toEqual([
    [undefined, ['a']],
    [spoke, ['b']],
    [lost, ['c']],
  ]);
});

test('alarms beyond the most are named by account', async () => {
  const first = Array.from({ length: mostSeries }, (_, i) => ({ alarmName: `alarm-${i}` }));
  const { notRead } = await read([
    ...first,
    { alarmName: 'x', place: placed(spoke) },
    { alarmName: 'x', place: placed(lost) },
  ]);

  expect(notRead.map(({ place, alarmNames }) => [place?.account, alarmNames])).toEqual([
    [spoke, ['x']],
    [lost, ['x']],
  ]);
});

test('the alarm of one region is never read in another', async () => {
  const regions = ['us-east-1', 'eu-west-1'];
  const { series } = await read([{ alarmName, place: placed(spoke) }], { scope: { ...scope, regions } });

  expect(series.map(({ place }) => place)).toEqual([placed(spoke)]);
  expect(calls.map(({ command }) => command)).toEqual(['DescribeAlarms', 'GetMetricData']);
});

test('every page of an answer is read, each point into the series of its alarm', async () => {
  const page = (Id: string, value: number) => ({ Id, Timestamps: [from], Values: [value] });
  jest.spyOn(cloudWatch, 'send').mockImplementation((async (command: { input: Call['input'] }) => {
    const { AlarmNames, NextToken } = command.input;
    if (AlarmNames) return { MetricAlarms: AlarmNames.map((one) => ({ AlarmName: one, ...ordinary })) };
    return NextToken
      ? { MetricDataResults: [page('m1', 21), page('m0', 12)] }
      : { MetricDataResults: [page('m0', 11), page('m1', 20)], NextToken: 'more' };
  }) as never);
  const { series } = await read([{ alarmName: 'first' }, { alarmName: 'second' }]);

  expect(series.map((one) => [one.alarmName, one.values])).toEqual([
    ['first', [11, 12]],
    ['second', [20, 21]],
  ]);
});

test('what is left of the function’s time is enough for accounts that do not answer, and to write the review', () => {
  const [, timeout = ''] = /timeout: (\d+)/.exec(readFileSync('functions/review/functions.yml', 'utf8'))!;
  // STS is asked three times for a session, four seconds each.
  const lastAccountMs = 3 * 4_000;

  expect(readingMs + lastAccountMs + 60_000).toBeLessThan(Number(timeout) * 1000);
});
