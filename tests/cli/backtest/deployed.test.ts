import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { deployedSettings } from '../../../cli/backtest/deployed';
import { replayInstance } from '../../../drill/backtest/replay';

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
