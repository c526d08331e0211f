import type { GetMetricDataCommand, GetMetricDataCommandOutput } from '@aws-sdk/client-cloudwatch';
import { collect } from '../../functions/anomaly/collect';
import { metricNames } from '../../functions/anomaly/metrics';

const request = {
  instanceId: 'i-0abcdef1234567890',
  until: new Date('2026-03-15T00:00:00Z'),
  days: 14,
  periodSeconds: 300,
};

/** Answers GetMetricData with prepared pages, and keeps what was asked. */
function answering(pages: Partial<GetMetricDataCommandOutput>[]) {
  const asked: GetMetricDataCommand['input'][] = [];
  const send = async (command: GetMetricDataCommand) => {
    asked.push(command.input);
    return pages[asked.length - 1] ?? {};
  };
  return { client: { send } as never, asked };
}

const at = (minute: number) => new Date(Date.UTC(2026, 2, 14, 0, minute));

describe('collect', () => {
  test('asks for 14 days of every metric of the instance in one call', async () => {
    const { client, asked } = answering([{}]);
    await collect(client, request);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.StartTime).toEqual(new Date('2026-03-01T00:00:00Z'));
    expect(asked[0]?.EndTime).toEqual(request.until);
    expect(asked[0]?.MetricDataQueries?.map((query) => query.MetricStat?.Metric?.MetricName)).toEqual(metricNames);
    expect(asked[0]?.MetricDataQueries?.[0]?.MetricStat?.Metric).toMatchObject({
      Namespace: 'AWS/EC2',
      Dimensions: [{ Name: 'InstanceId', Value: request.instanceId }],
    });
    expect(asked[0]?.ScanBy).toBe('TimestampAscending');
  });

  test('follows NextToken and joins the pages of a metric', async () => {
    const page = (minute: number, value: number) => [{ Id: 'm0', Timestamps: [at(minute)], Values: [value] }];
    const { client, asked } = answering([
      { MetricDataResults: page(0, 1), NextToken: 'more' },
      { MetricDataResults: page(5, 2) },
    ]);
    const [cpu] = await collect(client, request);
    expect(asked.map(({ NextToken }) => NextToken)).toEqual([undefined, 'more']);
    expect(cpu).toEqual({ metric: 'CPUUtilization', times: [at(0).getTime(), at(5).getTime()], values: [1, 2] });
  });

  test('splits more than 500 queries over several calls', async () => {
    const { client, asked } = answering([]);
    await collect(client, { ...request, metrics: Array.from({ length: 501 }, () => 'CPUUtilization' as const) });
    expect(asked.map(({ MetricDataQueries }) => MetricDataQueries?.length)).toEqual([500, 1]);
  });

  test('gives each metric its own points, whatever order the answers come in, and asks for each by an Id of its own', async () => {
    const { client, asked } = answering([
      {
        MetricDataResults: [
          { Id: 'm1', Timestamps: [at(5)], Values: [7] },
          { Id: 'm0', Timestamps: [at(0), at(5)], Values: [1] },
        ],
      },
    ]);
    const found = await collect(client, { ...request, metrics: ['CPUUtilization', 'NetworkIn'] });
    expect(asked[0]?.MetricDataQueries?.map(({ Id }) => Id)).toEqual(['m0', 'm1']);
    expect(found).toEqual([
      { metric: 'CPUUtilization', times: [at(0).getTime(), at(5).getTime()], values: [1, Number.NaN] },
      { metric: 'NetworkIn', times: [at(5).getTime()], values: [7] },
    ]);
  });

  test('leaves out an answer that belongs to no metric that was asked for', async () => {
    const stray = [{ Timestamps: [at(0)], Values: [1] }, { Id: 'm9', Timestamps: [at(0)], Values: [1] }, { Id: 'm0' }];
    const { client } = answering([{ MetricDataResults: stray }]);
    expect(await collect(client, { ...request, metrics: ['CPUUtilization'] })).toEqual([
      { metric: 'CPUUtilization', times: [], values: [] },
    ]);
  });

  test('asks for nothing where there is no metric, and once where there are 500', async () => {
    const none = answering([]);
    await collect(none.client, { ...request, metrics: [] });
    const full = answering([]);
    await collect(full.client, { ...request, metrics: Array.from({ length: 500 }, () => 'CPUUtilization' as const) });
    expect([none.asked.length, full.asked.length]).toEqual([0, 1]);
  });

  test('gives a metric without data points back empty', async () => {
    const { client } = answering([{ MetricDataResults: [] }]);
    const found = await collect(client, request);
    expect(found.map(({ metric }) => metric)).toEqual(metricNames);
    expect(found.every(({ times }) => times.length === 0)).toBe(true);
  });
});
