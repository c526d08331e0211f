import type { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { metricNames } from '../../functions/anomaly/metrics';
import { scoreAnomaly } from '../../functions/anomaly/score-anomaly';
import { dailyWave, STEP_MS, timesOf } from './example-frames';

const POINTS = 4032;
const times = timesOf(POINTS);
const now = () => new Date(times[POINTS - 1]! + STEP_MS + 90_000);
const healthy = () =>
  Object.fromEntries(
    metricNames.map((name, i) => [
      name,
      name.startsWith('Status') ? times.map(() => 0) : Float64Array.from(dailyWave(POINTS, i + 1)),
    ]),
  );

function cloudWatchWith(metrics: Record<string, Float64Array>) {
  return {
    send: async ({ input }: GetMetricDataCommand) => ({
      MetricDataResults: input.MetricDataQueries?.map(({ Id, MetricStat }) => {
        const values = metrics[MetricStat?.Metric?.MetricName ?? ''] ?? [];
        return { Id, Timestamps: Array.from(values, (_, i) => new Date(times[i]!)), Values: [...values] };
      }),
    }),
  } as never;
}
const incidentOf = (metricName: string) => ({
  incident: {
    instanceId: 'i-0abcdef1234567890',
    alarm: {
      alarmName: 'restart-instance-web',
      changedAt: new Date(times[POINTS - 1]!).toISOString(),
      metricNames: [metricName],
    },
  },
});

describe('the step score-anomaly', () => {
  test('acts when CPU is far above anything in 14 days', async () => {
    const metrics = healthy();
    metrics.CPUUtilization!.fill(97, POINTS - 4);
    const result = await scoreAnomaly(incidentOf('CPUUtilization'), { cloudWatch: cloudWatchWith(metrics), now });
    expect(result).toMatchObject({ verdict: 'act', metric: 'CPUUtilization', value: 97 });
    expect(result.explanation).toMatch(/^CPUUtilization 97 % is \d+(\.\d+)? points above/);
  });
  test('vetoes when CPU does what it does every day', async () => {
    const result = await scoreAnomaly(incidentOf('CPUUtilization'), { cloudWatch: cloudWatchWith(healthy()), now });
    expect(result.verdict).toBe('veto');
    expect(result.explanation).toContain('of the last 14 days');
  });
  test('does not take the trouble that a restart ended for an ordinary peak, however often it came', async () => {
    const metrics = healthy();
    const earlier = Array.from({ length: 7 }, (_, i) => 300 + 500 * i);
    for (const at of [...earlier, POINTS - 9]) metrics.CPUUtilization!.fill(97, at, at + 9);
    const cloudWatch = cloudWatchWith(metrics);
    const { incident } = incidentOf('CPUUtilization');
    const actedAt = earlier.map((at) => new Date(times[at + 9]!).toISOString());
    const known = { incident: { ...incident, lease: { token: 4, history: { actedAt } } } };

    expect(await scoreAnomaly({ incident }, { cloudWatch, now })).toMatchObject({ verdict: 'veto' });
    expect(await scoreAnomaly(known, { cloudWatch, now })).toMatchObject({ verdict: 'act', value: 97 });
  });
  test.each([
    ['greater', 'high or higher'],
    ['less', 'low or lower'],
  ])('names the side of an alarm that was %s than its threshold', async (word, side) => {
    const { incident } = incidentOf('CPUUtilization');
    const reason = `Threshold Crossed: 1 out of the last 1 datapoints [41.0] was ${word} than the threshold (40.0)`;
    const input = { incident: { ...incident, alarm: { ...incident.alarm, kind: 'metric', reason } } };
    const result = await scoreAnomaly(input, { cloudWatch: cloudWatchWith(healthy()), now });
    expect(result.explanation).toContain(`it was that ${side} on`);
  });
  test('never lets CPU scores veto a failed status check', async () => {
    const metrics = healthy();
    metrics.StatusCheckFailed!.fill(1, POINTS - 2);
    const result = await scoreAnomaly(incidentOf('StatusCheckFailed'), { cloudWatch: cloudWatchWith(metrics), now });
    expect(result).toMatchObject({ verdict: 'act', detector: 'status-rule', score: null });
  });
  test('looks again where it was so before and ended by itself, for an alarm, but not while a person waits for a drill', async () => {
    const metrics = healthy();
    for (const at of [700, 1600, 2500]) metrics.CPUUtilization!.fill(97, at, at + 9);
    metrics.CPUUtilization!.fill(97, POINTS - 3);
    const cloudWatch = cloudWatchWith(metrics);
    const { incident } = incidentOf('CPUUtilization');
    const drill = await scoreAnomaly({ incident: { ...incident, drill: true } }, { cloudWatch, now });

    expect(await scoreAnomaly({ incident }, { cloudWatch, now })).toMatchObject({ waitSeconds: 300 });
    expect(drill.waitSeconds).toBeUndefined();
  });
  test('looks again at the hour at which automation acted on an earlier day', async () => {
    const metrics = healthy();
    metrics.CPUUtilization!.fill(97, POINTS - 3);
    const { incident } = incidentOf('CPUUtilization');
    const result = async (hours: number) => {
      const actedAt = [new Date(times[POINTS - 1]! - hours * 3_600_000).toISOString()];
      const input = { incident: { ...incident, lease: { history: { actedAt } } } };
      return scoreAnomaly(input, { cloudWatch: cloudWatchWith(metrics), now });
    };

    expect((await result(24)).explanation).toContain('automation acted at about this time');
    expect((await result(34)).waitSeconds).toBeUndefined();
  });
  test('reads 14 whole periods of 5 minutes, and the checks by the minute up to now', async () => {
    const asked: GetMetricDataCommand['input'][] = [];
    const send = async ({ input }: GetMetricDataCommand) => {
      asked.push(input);
      return {};
    };
    const cloudWatch = { send } as never;
    await scoreAnomaly(incidentOf('CPUUtilization'), { cloudWatch, now });
    const of = (name: string) =>
      asked.filter(({ MetricDataQueries }) => MetricDataQueries?.[0]?.MetricStat?.Metric?.MetricName === name);
    const [[cpu], [check]] = [of('CPUUtilization'), of('StatusCheckFailed')];
    const minuteAfter = Math.ceil(now().getTime() / 60_000) * 60_000;

    expect(cpu).toMatchObject({
      StartTime: new Date(cpu!.EndTime!.getTime() - 14 * 86_400_000),
      EndTime: new Date(Math.floor(now().getTime() / STEP_MS) * STEP_MS),
    });
    expect(check).toMatchObject({ StartTime: new Date(minuteAfter - 86_400_000), EndTime: new Date(minuteAfter) });
    expect([cpu, check].map((one) => one!.MetricDataQueries![0]!.MetricStat!.Period)).toEqual([300, 60]);
    expect(check!.MetricDataQueries!.map(({ MetricStat }) => MetricStat!.Metric!.MetricName)).toEqual(
      metricNames.filter((name) => name.startsWith('StatusCheck')),
    );
  });
  test('judges the three hours before a manual run, which no alarm began', async () => {
    const metrics = healthy();
    metrics.CPUUtilization!.fill(97, POINTS - 30, POINTS - 20);
    const incident = { instanceId: 'i-0abcdef1234567890' };
    const result = await scoreAnomaly({ incident }, { cloudWatch: cloudWatchWith(metrics), now });

    expect(result).toMatchObject({ verdict: 'act', metric: 'CPUUtilization', value: 97 });
  });
  test('calls an instance without data unknown', async () => {
    const result = await scoreAnomaly(incidentOf('CPUUtilization'), { cloudWatch: cloudWatchWith({}), now });
    expect(result).toMatchObject({ verdict: 'unknown', score: null });
  });
  test('calls a constant metric unknown, with the reason', async () => {
    const metrics = { ...healthy(), CPUUtilization: times.map(() => 5) };
    const result = await scoreAnomaly(incidentOf('CPUUtilization'), { cloudWatch: cloudWatchWith(metrics), now });
    expect(result.explanation).toContain('have the same value');
    expect(result.verdict).toBe('unknown');
  });
  test('says the same of the same data every time', async () => {
    const run = () => scoreAnomaly(incidentOf('NetworkIn'), { cloudWatch: cloudWatchWith(healthy()), now });
    expect(JSON.stringify(await run())).toBe(JSON.stringify(await run()));
  });
  test('refuses an incident without an instance id', async () => {
    await expect(scoreAnomaly({ incident: {} }, { cloudWatch: cloudWatchWith({}), now })).rejects.toThrow();
    await expect(scoreAnomaly({ incident: {} }, { cloudWatch: cloudWatchWith({}), now })).rejects.toMatchObject({
      name: 'InvalidInputError',
      message: expect.stringContaining('incident.instanceId'),
    });
  });
});
