import { describeReturnFacts } from '../../functions/guard/return-facts';
import { type Snapshot, toSnapshot } from '../../functions/guard/snapshot';
import { autoScaling } from '../../functions/shared/clients/auto-scaling';
import { ec2 } from '../../functions/shared/clients/ec2';
import { kms } from '../../functions/shared/clients/kms';
import { type Answers, answering, awsError } from '../fixtures/answering';
import { config } from '../fixtures/config';

const instanceId = 'i-0123456789abcdef0';
const optedIn = { [config.OPT_IN_TAG]: 'true' };
const instance = (change: Partial<Snapshot> = {}): Snapshot => ({
  ...toSnapshot({ InstanceId: instanceId, InstanceType: 't3.medium' }),
  tags: optedIn,
  ...change,
});
let answers: Answers;
let asked: [string, unknown][];
const facts = (change: Partial<Snapshot> = {}, more: Answers = {}) => {
  answers = {
    DescribeInstanceAttribute: () => ({ DisableApiStop: { Value: false } }),
    DescribeInstanceTypes: () => ({ InstanceTypes: [{ InstanceStorageSupported: false }] }),
    ...more,
  };
  return describeReturnFacts(instance(change), config);
};
const askedFor = (command: string) => asked.filter(([name]) => name === command).map(([, input]) => input);

beforeEach(() => {
  asked = answering(ec2, () => answers);
  for (const client of [autoScaling, kms]) {
    const own = answering(client, () => answers);
    own.push = (...more) => asked.push(...more);
  }
});

test('an ordinary instance has nothing that keeps it from coming back', async () => {
  expect(await facts()).toEqual({
    stopProtected: false,
    spotType: undefined,
    hasInstanceStore: false,
    scaling: undefined,
    customerKeys: [],
    unusableKeys: [],
  });
  expect(askedFor('DescribeInstanceAttribute')).toEqual([{ InstanceId: instanceId, Attribute: 'disableApiStop' }]);
  expect(askedFor('DescribeInstanceTypes')).toEqual([{ InstanceTypes: ['t3.medium'] }]);
});

describe('stop protection', () => {
  test.each([
    [{ DisableApiStop: { Value: true } }, true],
    [{ DisableApiStop: {} }, true],
    [{}, true],
    [{ DisableApiStop: { Value: false } }, false],
  ])('is read from %j: %s', async (answer, is) => {
    expect(await facts({}, { DescribeInstanceAttribute: () => answer })).toMatchObject({ stopProtected: is });
  });

  test('of an instance that is not opted in counts as on, and is not asked', async () => {
    expect(await facts({ tags: {} })).toMatchObject({ stopProtected: true });
    expect(askedFor('DescribeInstanceAttribute')).toEqual([]);
  });
});

test.each([
  [{ InstanceTypes: [{ InstanceStorageSupported: true }] }, true],
  [{ InstanceTypes: [{}] }, true],
  [{}, true],
  [{ InstanceTypes: [{ InstanceStorageSupported: false }] }, false],
])('instance store is read from %j: %s', async (answer, is) => {
  expect(await facts({}, { DescribeInstanceTypes: () => answer })).toMatchObject({ hasInstanceStore: is });
});

describe('a Spot request', () => {
  test('says whether it is persistent', async () => {
    const answer = { DescribeSpotInstanceRequests: () => ({ SpotInstanceRequests: [{ Type: 'persistent' }] }) };

    expect(await facts({ spotRequestId: 'sir-1' }, answer)).toMatchObject({ spotType: 'persistent' });
    expect(askedFor('DescribeSpotInstanceRequests')).toEqual([{ SpotInstanceRequestIds: ['sir-1'] }]);
  });

  test('that EC2 does not know any more is not known', async () => {
    const unlisted = { DescribeSpotInstanceRequests: () => ({}) };
    const forgotten = {
      DescribeSpotInstanceRequests: () => {
        throw awsError('InvalidSpotInstanceRequestID.NotFound');
      },
    };

    expect(await facts({ spotRequestId: 'sir-1' }, unlisted)).toMatchObject({ spotType: 'unknown' });
    expect(await facts({ spotRequestId: 'sir-1' }, forgotten)).toMatchObject({ spotType: 'unknown' });
  });

  test('that cannot be read is an error', async () => {
    const denied = {
      DescribeSpotInstanceRequests: () => {
        throw awsError('UnauthorizedOperation');
      },
    };

    await expect(facts({ spotRequestId: 'sir-1' }, denied)).rejects.toThrow('UnauthorizedOperation');
  });
});

describe('an Auto Scaling group', () => {
  const member = { AutoScalingGroupName: 'web', LifecycleState: 'InService' };
  const groupOf = (instances: unknown, groups: unknown) => ({
    DescribeAutoScalingInstances: () => instances,
    DescribeAutoScalingGroups: () => groups,
  });
  const inGroup = (more: Answers) => facts({ autoScalingGroup: 'web' }, more);

  test('is told with what a Standby needs to know', async () => {
    const found = await inGroup(
      groupOf({ AutoScalingInstances: [member] }, { AutoScalingGroups: [{ MinSize: 1, DesiredCapacity: 3 }] }),
    );

    expect(found.scaling).toEqual({ group: 'web', lifecycle: 'InService', minimum: 1, desired: 3 });
    expect(askedFor('DescribeAutoScalingInstances')).toEqual([{ InstanceIds: [instanceId] }]);
    expect(askedFor('DescribeAutoScalingGroups')).toEqual([{ AutoScalingGroupNames: ['web'] }]);
  });

  test('that says nothing leaves no room', async () => {
    const found = await inGroup(groupOf({ AutoScalingInstances: [{ AutoScalingGroupName: 'web' }] }, {}));

    expect(found.scaling).toEqual({
      group: 'web',
      lifecycle: 'unknown',
      minimum: Number.MAX_SAFE_INTEGER,
      desired: 0,
    });
  });

  test.each([[{}], [{ AutoScalingInstances: [] }], [{ AutoScalingInstances: [{}] }]])(
    'of which the instance is no member (%j) is none',
    async (answer) => {
      expect((await inGroup(groupOf(answer, {}))).scaling).toBeUndefined();
    },
  );
});

describe('the keys of its volumes', () => {
  const volumes = (...Volumes: unknown[]) => ({ DescribeVolumes: () => ({ Volumes }) });
  const encrypted = { Encrypted: true, KmsKeyId: 'arn:key/a' };
  const keyed = (more: Answers) => facts({ volumeIds: ['vol-1', 'vol-2'] }, more);
  const key = (KeyMetadata: unknown) => ({ DescribeKey: () => ({ KeyMetadata }) });

  test('are those of customers, each once', async () => {
    const found = await keyed({
      ...volumes(encrypted, encrypted),
      ...key({ Arn: 'arn:key/a', KeyManager: 'CUSTOMER', KeyState: 'Enabled' }),
    });

    expect(found).toMatchObject({ customerKeys: ['arn:key/a'], unusableKeys: [] });
    expect(askedFor('DescribeVolumes')).toEqual([{ VolumeIds: ['vol-1', 'vol-2'] }]);
    expect(askedFor('DescribeKey')).toEqual([{ KeyId: 'arn:key/a' }]);
  });

  test('are unusable in any state but enabled', async () => {
    const found = await keyed({
      ...volumes(encrypted),
      ...key({ Arn: 'arn:key/a', KeyManager: 'CUSTOMER', KeyState: 'PendingDeletion' }),
    });

    expect(found.unusableKeys).toEqual(['arn:key/a']);
  });

  test('of AWS are no matter, whatever their state', async () => {
    const found = await keyed({
      ...volumes(encrypted),
      ...key({ Arn: 'arn:key/a', KeyManager: 'AWS', KeyState: 'Disabled' }),
    });

    expect(found).toMatchObject({ customerKeys: [], unusableKeys: [] });
  });

  test('that KMS tells nothing of count as a customer’s, and as unusable', async () => {
    expect(await keyed({ ...volumes(encrypted), DescribeKey: () => ({}) })).toMatchObject({
      customerKeys: ['arn:key/a'],
      unusableKeys: ['arn:key/a'],
    });
  });

  test.each([
    'NotFoundException',
    'InvalidArnException',
    'DisabledException',
    'KMSInvalidStateException',
    'KeyUnavailableException',
  ])('are unusable where KMS answers %s', async (name) => {
    const DescribeKey = () => {
      throw awsError(name);
    };

    expect((await keyed({ ...volumes(encrypted), DescribeKey })).unusableKeys).toEqual(['arn:key/a']);
  });

  test.each(['AccessDeniedException', 'NotFoundExceptionally', 'KeyNotFoundException'])(
    'that cannot be read (%s) are an error',
    async (name) => {
      const DescribeKey = () => {
        throw awsError(name);
      };

      await expect(keyed({ ...volumes(encrypted), DescribeKey })).rejects.toThrow(name);
    },
  );

  test('of volumes that are not encrypted are none', async () => {
    const found = await keyed(volumes({ Encrypted: false, KmsKeyId: 'arn:key/a' }, { Encrypted: true }));

    expect(found.customerKeys).toEqual([]);
    expect(askedFor('DescribeKey')).toEqual([]);
    expect(await keyed({ DescribeVolumes: () => ({}) })).toMatchObject({ customerKeys: [] });
  });

  test('of no volume are not asked', async () => {
    await facts({ volumeIds: [] });

    expect(askedFor('DescribeVolumes')).toEqual([]);
  });
});
