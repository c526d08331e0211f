import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { cloudOf, seconds, timed } from '../../fixtures/cloud';

const mockRealTimeout = setTimeout;
let mockSlowReads = 0;

// What reads a client's settings keeps its own reference to readFile, so the module itself has to be slow.
jest.mock('node:fs/promises', () => {
  const actual = jest.requireActual<typeof import('node:fs/promises')>('node:fs/promises');
  const readFile = async (...given: Parameters<typeof actual.readFile>) => {
    mockSlowReads += 1;
    await new Promise((resolve) => mockRealTimeout(resolve, 200));
    return actual.readFile(...given);
  };
  return { ...actual, readFile };
});

/** Simulated milliseconds until the work has ended, while a timer of an hour waits for its turn too. */
async function took(work: () => Promise<unknown>): Promise<number> {
  const begin = Date.now();
  const done = work().then(() => Date.now() - begin);
  await Promise.all([done, seconds(3600)]);
  return done;
}

test(
  "a client's first call reads its settings from files, and the clock waits for it",
  timed(async () => {
    const { client } = cloudOf(CloudWatchClient, { latencyMs: () => 40 });

    expect(await took(() => client.send(new DescribeAlarmsCommand({})))).toBe(40);
    expect(mockSlowReads).toBeGreaterThan(0);
  }),
);

test(
  'the clock goes on for a call that is made for another one, such as that for its credentials',
  timed(async () => {
    const { cloud, client } = cloudOf(CloudWatchClient, { latencyMs: () => 40 });
    let asked: Promise<unknown> | undefined;
    const credentials = async () => {
      asked ??= client.send(new DescribeAlarmsCommand({}));
      await asked;
      return { accessKeyId: 'test', secretAccessKey: 'test' };
    };
    const ec2 = new EC2Client({ region: 'us-east-1', credentials });
    cloud.attach(ec2);
    const both = () => Promise.all([1, 2].map(() => ec2.send(new DescribeInstancesCommand({}))));

    expect(await took(both)).toBe(80);
  }),
);
