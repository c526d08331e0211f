import type { Instance } from '@aws-sdk/client-ec2';
import { describeInstance, describeStatus } from '../../functions/guard/describe';
import { toSnapshot } from '../../functions/guard/snapshot';
import { ec2 } from '../../functions/shared/clients/ec2';
import { type Answers, answering } from '../fixtures/answering';

/** What EC2 does not list at once is looked for again after seconds, which a test does not wait for. */
jest.mock('../../functions/shared/clock', () => ({
  ...jest.requireActual('../../functions/shared/clock'),
  pause: async () => {},
}));

const instanceId = 'i-0123456789abcdef0';
const running: Instance = { InstanceId: instanceId, State: { Name: 'running' } };
let answers: Answers;
let asked: [string, unknown][];

beforeEach(() => {
  asked = answering(ec2, () => answers);
});
const listed = (...instances: (Instance | undefined)[]) => {
  const left = [...instances];
  return { DescribeInstances: () => ({ Reservations: [{ Instances: [left.length > 1 ? left.shift() : left[0]] }] }) };
};

test('an instance is described as it is', async () => {
  answers = listed(running);

  expect(await describeInstance(instanceId)).toMatchObject({ instanceId, state: 'running' });
  expect(asked).toEqual([['DescribeInstances', { InstanceIds: [instanceId] }]]);
});

test('one answer without it proves nothing', async () => {
  answers = listed(undefined, undefined, running);

  expect(await describeInstance(instanceId)).toMatchObject({ state: 'running' });
});

test('answers without it that agree say that it is gone', async () => {
  answers = { DescribeInstances: () => ({}) };

  await expect(describeInstance(instanceId)).rejects.toMatchObject({
    name: 'InstanceGoneError',
    message: `The instance ${instanceId} does not exist.`,
  });
  expect(asked).toHaveLength(3);
});

test.each(['terminated', 'shutting-down'] as const)('one that is %s is gone', async (Name) => {
  answers = listed({ ...running, State: { Name } });

  await expect(describeInstance(instanceId)).rejects.toMatchObject({
    name: 'InstanceGoneError',
    message: `The instance ${instanceId} is ${Name}.`,
  });
});

test('status checks are read, also of an instance that is not running; one that is missing is not known', async () => {
  answers = {
    DescribeInstanceStatus: () => ({
      InstanceStatuses: [{ SystemStatus: { Status: 'ok' }, InstanceStatus: { Status: 'impaired' } }],
    }),
  };
  expect(await describeStatus(instanceId)).toEqual({ system: 'ok', instance: 'impaired' });
  expect(asked).toEqual([['DescribeInstanceStatus', { InstanceIds: [instanceId], IncludeAllInstances: true }]]);

  answers = { DescribeInstanceStatus: () => ({ InstanceStatuses: [{}] }) };
  expect(await describeStatus(instanceId)).toEqual({ system: 'insufficient-data', instance: 'insufficient-data' });
  answers = { DescribeInstanceStatus: () => ({}) };
  expect(await describeStatus(instanceId)).toEqual({ system: 'insufficient-data', instance: 'insufficient-data' });
});

describe('a snapshot', () => {
  test('of an instance with nothing but an id', () => {
    expect(toSnapshot({ InstanceId: instanceId })).toEqual({
      instanceId,
      state: 'pending',
      tags: {},
      rootDeviceType: 'ebs',
      instanceType: 'unknown',
      isSpot: false,
      volumeIds: [],
      hasElasticIp: false,
      hibernation: false,
    });
  });

  test('of an instance with everything', () => {
    expect(
      toSnapshot({
        InstanceId: instanceId,
        State: { Name: 'stopped' },
        StateReason: { Message: 'Client.UserInitiatedShutdown' },
        LaunchTime: new Date('2026-11-24T02:00:00Z'),
        Tags: [{ Key: 'aws:autoscaling:groupName', Value: 'web' }],
        RootDeviceType: 'instance-store',
        InstanceType: 'm5d.large',
        InstanceLifecycle: 'spot',
        SpotInstanceRequestId: 'sir-1',
        BlockDeviceMappings: [{ Ebs: { VolumeId: 'vol-1' } }, {}],
        PublicIpAddress: '203.0.113.7',
        NetworkInterfaces: [{ Association: { IpOwnerId: '123456789012' } }],
        HibernationOptions: { Configured: true },
      }),
    ).toEqual({
      instanceId,
      state: 'stopped',
      stateReason: 'Client.UserInitiatedShutdown',
      launchedAt: '2026-11-24T02:00:00.000Z',
      tags: { 'aws:autoscaling:groupName': 'web' },
      rootDeviceType: 'instance-store',
      instanceType: 'm5d.large',
      isSpot: true,
      spotRequestId: 'sir-1',
      volumeIds: ['vol-1'],
      publicIp: '203.0.113.7',
      hasElasticIp: true,
      autoScalingGroup: 'web',
      hibernation: true,
    });
  });

  test.each([
    ['amazon', false],
    [undefined, false],
    ['123456789012', true],
  ])('an address that belongs to %s is an Elastic IP: %s', (IpOwnerId, is) => {
    const association = IpOwnerId === undefined ? {} : { IpOwnerId };

    expect(
      toSnapshot({ InstanceId: instanceId, NetworkInterfaces: [{}, { Association: association }] }).hasElasticIp,
    ).toBe(is);
  });
});
