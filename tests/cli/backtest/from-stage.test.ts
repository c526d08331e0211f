import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { fromStage } from '../../../cli/backtest/from-stage';

type Answer = (input: Record<string, unknown>) => object;

/** A client whose calls are answered here and never leave. */
function answering<C extends EC2Client | CloudWatchClient>(client: C, answers: Record<string, Answer>): C {
  const middleware =
    (_next: unknown, context: { commandName?: string }) => async (args: { input: Record<string, unknown> }) => ({
      response: {},
      output: { $metadata: {}, ...answers[context.commandName!]!(args.input) },
    });
  (client as EC2Client).middlewareStack.add(middleware as never, { step: 'initialize', priority: 'high' });
  return client;
}

const place = { region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };
const request = {
  stage: 'dev',
  days: 14,
  optInTag: 'incident-playbooks:enabled',
  now: new Date('2026-03-02T09:03:00Z'),
};

test('reads the metrics of every opted-in instance, page by page, and nothing else', async () => {
  const asked: Record<string, unknown>[] = [];
  const ec2 = answering(new EC2Client(place), {
    DescribeInstancesCommand: (input) => {
      asked.push(input);
      return input.NextToken
        ? { Reservations: [{ Instances: [{ InstanceId: 'i-1' }] }] }
        : { Reservations: [{ Instances: [{ InstanceId: 'i-2' }] }], NextToken: 'more' };
    },
  });
  const cloudWatch = answering(new CloudWatchClient(place), {
    GetMetricDataCommand: (input) => {
      asked.push(input);
      return { MetricDataResults: [{ Id: 'm0', Timestamps: [new Date(0)], Values: [42] }] };
    },
  });

  const source = await fromStage(request, { ec2, cloudWatch });
  const read = [];
  for await (const one of source.read()) read.push(one);

  expect(read).toEqual(
    ['i-1', 'i-2'].map((name) => ({
      name,
      remarks: [],
      series: [{ metric: 'CPUUtilization', times: [0], values: [42] }],
    })),
  );
  expect(asked[0]).toMatchObject({
    Filters: [{ Name: 'tag:incident-playbooks:enabled', Values: expect.arrayContaining(['true', 'True', 'TRUE']) }],
  });
  expect(asked[2]).toMatchObject({
    StartTime: new Date('2026-02-16T09:00:00Z'),
    EndTime: new Date('2026-03-02T09:00:00Z'),
  });
});

test('a stage without opted-in instances has nothing to replay', async () => {
  const ec2 = answering(new EC2Client(place), { DescribeInstancesCommand: () => ({ Reservations: [] }) });

  await expect(fromStage(request, { ec2, cloudWatch: new CloudWatchClient(place) })).rejects.toThrow(
    'No instance has the tag',
  );
});
