import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { deployedSettings } from '../../../cli/backtest/deployed';
import { liveFunction } from '../../../cli/backtest/live-function';
import { replayInstance } from '../../../drill/backtest/replay';
import { type WireEndpoint, type WireStage, wireStage } from '../../fixtures/wire-stage';

const own = 'i-0a1b2c3d4e5f60718';
const alarm = (name: string, Threshold: number) => ({
  AlarmName: name,
  MetricName: 'CPUUtilization',
  Statistic: 'Average',
  Period: 300,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 3,
  Threshold,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
});
const clients = (alarms: object[]) => ({
  cloudWatch: { send: async () => ({ MetricAlarms: alarms }) } as unknown as CloudWatchClient,
  lambda: {
    send: async () => ({
      Environment: { Variables: { COOLDOWN_MINUTES: '7', LADDER_WINDOW_MINUTES: '90', OPT_IN_TAG: 'ours' } },
      LastModified: '2026-03-01T10:00:00Z',
      CodeSha256: 'abcdefghijklmnop',
    }),
  } as unknown as LambdaClient,
});
const deployed = [alarm('restart-instance-prod-cpu-high', 90), alarm(`restart-instance-prod-cpu-high-${own}`, 98)];

jest.mock('@aws-sdk/client-cloudwatch', () => ({
  ...jest.requireActual('@aws-sdk/client-cloudwatch'),
  paginateDescribeAlarms: async function* ({ client }: { client: { send(): Promise<unknown> } }) {
    yield await client.send();
  },
}));

test('alarms and guard settings are those that the stage has deployed, with their version', async () => {
  const settings = await deployedSettings('prod', clients(deployed));

  expect(settings).toMatchObject({
    stage: 'prod',
    source: 'stage prod as it is deployed (plan-action changed 2026-03-01T10:00:00Z, code abcdefghijkl)',
    guard: { cooldownMinutes: 7, ladderWindowMinutes: 90 },
    optInTag: 'ours',
    alarms: [{ threshold: 90 }, { threshold: 98, instanceId: own }],
  });
});

test('an instance that has alarms of its own is replayed with those, and any other with the stage’s', async () => {
  const settings = await deployedSettings('prod', clients(deployed));
  const times = Array.from({ length: 20 }, (_, i) => Date.UTC(2026, 0, 5) + i * 300_000);
  const series = [{ metric: 'CPUUtilization', times, values: times.map(() => 95) }];
  const watched = (name: string) => replayInstance({ name, series, remarks: [] }, settings).watched;

  expect(watched(own)).toMatchObject([{ threshold: 98, share: 0 }]);
  expect(watched('i-0ffffffffffffffff')).toMatchObject([{ threshold: 90, max: 95 }]);
});

test('a stage without alarms is not there', async () => {
  await expect(deployedSettings('nowhere', clients([]))).rejects.toThrow('Stage nowhere has no alarm');
});

test.each([
  [{ metric: 'cpuutilization', value: 90 }, /no load alarm watches "cpuutilization"\. Did you mean CPUUtilization\?/],
  [{ metric: 'CPUUtilization', value: 101 }, /never above 100, so its alarm could not fire at 101/],
])('a threshold that would change nothing is refused: %j', async (threshold, message) => {
  await expect(deployedSettings('prod', clients(deployed), { threshold })).rejects.toThrow(message);
});

describe('after a rollback of the alias', () => {
  let stage: WireEndpoint | undefined;
  afterEach(() => stage?.close());
  const sfn = async (given: Partial<WireStage>) => {
    stage = await wireStage({ versions: [5, 6], routing: [{ version: 5, weight: 100 }], ...given });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    return new SFNClient({ endpoint: stage.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  };

  test('the settings are those of the version that alarms start, not those deployed last', async () => {
    const live = await liveFunction('dev', await sfn({}));
    const asked: unknown[] = [];
    const lambda = {
      send: async ({ input }: { input: { Qualifier?: string } }) => {
        asked.push(input);
        return { Environment: { Variables: { COOLDOWN_MINUTES: input.Qualifier === '5' ? '5' : '60' } } };
      },
    } as unknown as LambdaClient;
    const settings = await deployedSettings('dev', { ...clients(deployed), lambda }, {}, live);

    expect(asked).toEqual([{ FunctionName: 'incident-playbooks-dev-read-alarm', Qualifier: '5' }]);
    expect(settings.guard.cooldownMinutes).toBe(5);
    expect(settings.source).toContain('stage dev with version 5 of restart-instance, which its alarms start');
  });

  test('of an alias that divides its starts, the version with more of them counts', async () => {
    const routing = [
      { version: 5, weight: 10 },
      { version: 6, weight: 90 },
    ];

    expect(await liveFunction('dev', await sfn({ routing }))).toMatchObject({
      qualifier: '6',
      words: expect.stringContaining('versions 5 (10%) and 6 (90%)'),
    });
  });

  test.each([
    ['a stage that is not there', 'nosuch', {}, /Stage nosuch has no state machine/],
    [
      'an alias that somebody has deleted',
      'dev',
      { routingOf: { 'incident-playbooks-dev-restart-instance': undefined } },
      /starts no version\. To move it: npm run releases/,
    ],
  ])('%s is said', async (_what, name, given, message) => {
    await expect(liveFunction(name, await sfn(given))).rejects.toThrow(message);
  });
});
