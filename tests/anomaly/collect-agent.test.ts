import { collectAgent } from '../../functions/anomaly/collect-agent';
import { scoreAnomaly } from '../../functions/anomaly/score-anomaly';
import { hashOf } from '../../functions/enrolment/alarm-kinds';
import { dailyWave, STEP_MS, timesOf } from './example-frames';

const POINTS = 4032;
const times = timesOf(POINTS);
const instanceId = 'i-0abcdef1234567890';
const until = new Date(times[POINTS - 1]! + STEP_MS);
const request = { instanceId, until, days: 14, periodSeconds: 300 };
const set = (values: Record<string, string>) =>
  Object.entries({ InstanceId: instanceId, ...values }).map(([Name, Value]) => ({ Name, Value }));
const sorted = (values: Record<string, string>) => set(values).sort((a, b) => a.Name.localeCompare(b.Name));

interface Sent {
  MetricName: string;
  dimensions: Record<string, string>;
  values: ArrayLike<number>;
}
interface Asked {
  Namespace?: string;
  MetricDataQueries?: {
    Id: string;
    MetricStat: { Metric: { Namespace: string; MetricName: string; Dimensions: object[] } };
  }[];
}

/** CloudWatch with what an agent sends, and with a CPU that does what it does every day. */
function cloudWatchWith(sent: Sent[]) {
  const asked: Asked[] = [];
  const valuesOf = ({
    Namespace,
    MetricName,
    Dimensions,
  }: {
    Namespace: string;
    MetricName: string;
    Dimensions: object[];
  }) => {
    if (Namespace === 'AWS/EC2') return MetricName === 'CPUUtilization' ? dailyWave(POINTS, 3) : [];
    const found = sent.find(
      (one) => one.MetricName === MetricName && JSON.stringify(sorted(one.dimensions)) === JSON.stringify(Dimensions),
    );
    return found?.values ?? [];
  };
  const send = async ({ input }: { input: Asked }) => {
    asked.push(input);
    if (!input.MetricDataQueries)
      return { Metrics: sent.map(({ MetricName, dimensions }) => ({ MetricName, Dimensions: set(dimensions) })) };
    return {
      MetricDataResults: input.MetricDataQueries.map(({ Id, MetricStat }) => {
        const values = Array.from(valuesOf(MetricStat.Metric));
        return { Id, Timestamps: values.map((_, i) => new Date(times[i]!)), Values: values };
      }),
    };
  };
  return { client: { send } as never, asked };
}
const wave = (seed: number) => Float64Array.from(dailyWave(POINTS, seed), (value) => 40 + value / 10);
const memory = (values: ArrayLike<number> = wave(5), dimensions: Record<string, string> = { ImageId: 'ami-1' }) => ({
  MetricName: 'mem_used_percent',
  dimensions,
  values,
});
const disk = (path: string, values: ArrayLike<number> = wave(7)) => ({
  MetricName: 'disk_used_percent',
  dimensions: { path, device: 'nvme0n1p1', fstype: 'xfs' },
  values,
});
const process = (exe: string, values: ArrayLike<number>) => ({
  MetricName: 'procstat_lookup_pid_count',
  dimensions: { exe, pid_finder: 'native' },
  values,
});

test('an instance without the agent costs one call, and keeps the names of what is alarmed', async () => {
  const { client, asked } = cloudWatchWith([]);

  expect(await collectAgent(client, request, { metricNames: ['CPUUtilization'] })).toEqual({
    series: [],
    alarmed: ['CPUUtilization'],
  });
  expect(asked).toEqual([
    { Namespace: 'CWAgent', Dimensions: [{ Name: 'InstanceId', Value: instanceId }], RecentlyActive: 'PT3H' },
  ]);
});

test('memory and processes say something of other alarms; disks, and what never changes, do not', async () => {
  const still = new Float64Array(POINTS).fill(4);
  const { client } = cloudWatchWith([memory(), disk('/'), process('nginx', still), process('java', wave(2))]);
  const { series, alarmed } = await collectAgent(client, request, { metricNames: ['CPUUtilization'] });

  expect(series.map(({ metric, values }) => [metric, values.length])).toEqual([
    ['mem_used_percent', POINTS],
    ['procstat_lookup_pid_count of java', POINTS],
  ]);
  expect(alarmed).toEqual(['CPUUtilization']);
});

test('an enrolled alarm on one of several disks is about that one, and any other one about all', async () => {
  const { client } = cloudWatchWith([disk('/'), disk('/data')]);
  const alarmName = `restart-instance-dev-disk-used-${hashOf(sorted(disk('/data').dimensions))}-${instanceId}`;
  const of = async (name: string) =>
    (await collectAgent(client, request, { alarmName: name, metricNames: ['disk_used_percent'] })).alarmed;

  expect(await of(alarmName)).toEqual(['disk_used_percent of /data']);
  expect(await of('my-disks')).toEqual(['disk_used_percent of /', 'disk_used_percent of /data']);
});

test('of a great many processes a few are read, but always those that are alarmed', async () => {
  const many = Array.from({ length: 10 }, (_, i) => process(`worker-${i}`, wave(i + 1)));
  const { client } = cloudWatchWith([...many, memory()]);

  expect((await collectAgent(client, request, { metricNames: [] })).series).toHaveLength(6);
  expect((await collectAgent(client, request, { metricNames: ['procstat_lookup_pid_count'] })).series).toHaveLength(11);
});

test('a name from outside stays on its line', async () => {
  const { client } = cloudWatchWith([process('a\nb\u2028c', wave(2))]);

  expect((await collectAgent(client, request)).series[0]?.metric).toBe('procstat_lookup_pid_count of a b c');
});

describe('the step score-anomaly', () => {
  const alarmOn = (metricName: string) => ({
    incident: {
      instanceId,
      alarm: {
        alarmName: 'restart-instance-web',
        changedAt: new Date(times[POINTS - 1]!).toISOString(),
        metricNames: [metricName],
      },
    },
  });
  const now = () => new Date(until.getTime() + 90_000);
  const scored = (metricName: string, sent: Sent[]) =>
    scoreAnomaly(alarmOn(metricName), { cloudWatch: cloudWatchWith(sent).client, now });

  test('acts when memory is far above anything in 14 days, and reads its value in percent', async () => {
    const full = wave(5).fill(97, POINTS - 4);
    const result = await scored('mem_used_percent', [memory(full)]);

    expect(result).toMatchObject({ verdict: 'act', metric: 'mem_used_percent', value: 97 });
    expect(result.explanation).toMatch(/^mem_used_percent 97 %/);
  });

  test('vetoes when memory does what it does every day', async () => {
    expect((await scored('mem_used_percent', [memory()])).verdict).toBe('veto');
  });

  test('knows nothing of a metric that the agent has not sent for hours', async () => {
    const result = await scored('mem_used_percent', []);

    expect(result).toMatchObject({ verdict: 'unknown' });
    expect(result.explanation).toContain('mem_used_percent is unknown');
  });

  test('takes memory that has never been so full for trouble behind a CPU as high as every day', async () => {
    const quiet = await scored('CPUUtilization', [memory()]);
    const full = await scored('CPUUtilization', [memory(wave(5).fill(97, POINTS - 30))]);

    expect(quiet.verdict).toBe('veto');
    expect(full).toMatchObject({ verdict: 'act' });
    expect(full.explanation).toContain('mem_used_percent');
  });
});
