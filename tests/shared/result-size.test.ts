import { ec2 } from '../../functions/shared/clients/ec2';
import {
  assertSize,
  ceilings,
  failureCeiling,
  ResultTooLargeError,
  shorten,
  usualCeiling,
} from '../../functions/shared/result-size';
import * as z from '../../functions/shared/schema';
import { step } from '../../functions/shared/step';
import { type Answers, answering } from '../fixtures/answering';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';

beforeEach(() => {
  setEnvironment();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

test('a result up to the ceiling passes, in bytes and not in characters; one more byte does not', () => {
  const full = { reason: 'é'.repeat((usualCeiling - bytesOf({ reason: '' })) / 2) };

  expect(assertSize('stop-instance', full)).toBe(full);
  expect(() => assertSize('stop-instance', { reason: `${full.reason}xx` })).toThrow(ResultTooLargeError);
  expect(() => assertSize('survey-instance', { reason: `${full.reason}xx` })).not.toThrow();
});

test('a step whose result is too large fails with an error that a machine can catch', async () => {
  const handler = step('some-step', z.object({}), async () => ({ list: Array.from({ length: 2_000 }, () => 'item') }));

  await expect(handler({}, lambdaContext)).rejects.toMatchObject({
    name: 'ResultTooLargeError',
    message: expect.stringMatching(/some-step has \d+ bytes; its ceiling is 3072/),
  });
});

/** A failure as a Catch puts it into the state. Source: Lambda developer guide, "Node.js function errors". */
function caught(error: Error): unknown {
  const trace = (error.stack ?? '').split('\n');
  return { Error: error.name, Cause: JSON.stringify({ errorType: error.name, errorMessage: error.message, trace }) };
}

test.each([
  ['a long one', 'x'.repeat(100_000)],
  ['one full of quotes', '"\\'.repeat(5_000)],
  ['one of control characters', '\u0001'.repeat(5_000)],
  ['one in another script', '漢😀'.repeat(5_000)],
])('what a failing step leaves in the state is limited: %s', async (_title, message) => {
  const failing = step('some-step', z.object({}), async () => {
    throw Object.assign(new Error(message), { name: 'SnapshotCreationPerVolumeRateExceededError' });
  });
  const error = (await Promise.resolve(failing({}, lambdaContext)).catch((found: unknown) => found)) as Error;

  expect(bytesOf(caught(error))).toBeLessThanOrEqual(failureCeiling);
  expect(message.startsWith(error.message)).toBe(true);
  expect(error.message.length).toBeGreaterThan(20);
});

test('an ordinary failure keeps its words and its place in the code', () => {
  const error = shorten(new TypeError('Cannot read properties of undefined'));

  expect(error.message).toBe('Cannot read properties of undefined');
  expect(error.stack).toMatch(/^TypeError: Cannot read properties of undefined\n\s+at /);
});

test('the largest instance that EC2 has fits, with every tag that a guard reads and none that none reads', async () => {
  const id = (prefix: string, n: number) => `${prefix}-${String(n).padStart(17, '0')}`;
  const range = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));
  const Groups = range(16, (n) => ({ GroupId: id('sg', n) }));
  const others = range(45, (n) => ({ Key: `${n}`.padEnd(128, 'k'), Value: '漢'.repeat(256) }));
  const read = ['enabled', 'protected', 'quarantined-by', 'allow-force-stop', 'Enabled'];
  const own = read.map((name) => ({ Key: `incident-playbooks:${name}`, Value: 'false' }));
  const instance = {
    InstanceId: id('i', 1),
    State: { Name: 'running' },
    InstanceType: 'p5.48xlarge',
    LaunchTime: new Date(0),
    Tags: [...others, ...own],
    BlockDeviceMappings: range(128, (n) => ({ DeviceName: `/dev/sd${n}`, Ebs: { VolumeId: id('vol', n) } })),
  };
  const NetworkInterfaces = range(64, (n) => {
    return { NetworkInterfaceId: id('eni', n), VpcId: id('vpc', 1), Groups, RequesterManaged: true };
  });
  const Addresses = range(64, (n) => ({
    AllocationId: id('eipalloc', n),
    AssociationId: id('eipassoc', n),
    PublicIp: '255.255.255.255',
    NetworkInterfaceId: id('eni', n),
    PrivateIpAddress: '255.255.255.255',
  }));
  const association = { AssociationId: id('iip-assoc', 1), IamInstanceProfile: { Arn: `arn:${'p'.repeat(500)}` } };
  const answers: Answers = {
    DescribeInstances: () => ({ Reservations: [{ Instances: [instance] }] }),
    DescribeNetworkInterfaces: () => ({ NetworkInterfaces }),
    DescribeAddresses: () => ({ Addresses }),
    DescribeIamInstanceProfileAssociations: () => ({ IamInstanceProfileAssociations: [association] }),
    DescribeInstanceAttribute: () => ({ DisableApiTermination: { Value: false } }),
  };
  answering(ec2, () => answers);
  const incident = {
    schemaVersion: 1,
    recordVersion: 3,
    incidentId: `inc-${'b'.repeat(20)}`,
    executionId: 'execution',
    playbook: 'isolate-instance',
    trigger: 'manual',
    drill: false,
    mode: 'act',
    openedAt: '2026-01-01T00:00:00.000Z',
    instanceId: instance.InstanceId,
  };
  const { handler } = await import('../../functions/containment/survey-instance');
  const found = (await handler({ incident }, lambdaContext)) as { instance: { tags: object }; interfaces: unknown[] };

  expect(found.interfaces).toHaveLength(64);
  expect(Object.keys(found.instance.tags)).toEqual(own.map(({ Key }) => Key));
  expect(bytesOf(found)).toBeGreaterThan(ceilings['survey-instance']! * 0.85);
});
