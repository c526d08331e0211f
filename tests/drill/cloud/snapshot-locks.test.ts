import {
  CreateSnapshotsCommand,
  DescribeLockedSnapshotsCommand,
  EC2Client,
  LockSnapshotCommand,
  type LockSnapshotCommandInput,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2';
import { cloudOf, refusal } from '../../fixtures/cloud';

const instanceId = 'i-0123456789abcdef0';
const dayMs = 86_400_000;

/** A cloud with one snapshot that is pending. */
async function withSnapshot(volume: { encrypted?: boolean; kmsKeyId?: string } = {}) {
  const { cloud, client } = cloudOf(EC2Client);
  cloud.ec2.launch({ instanceId, volumes: [volume] });
  const { Snapshots } = await client.send(
    new CreateSnapshotsCommand({ InstanceSpecification: { InstanceId: instanceId } }),
  );
  const SnapshotId = Snapshots![0]!.SnapshotId!;
  // A new one is not found at once.
  cloud.ec2.snapshots.taken[0]!.startedAt -= 600_000;
  const lock = (input: Partial<LockSnapshotCommandInput>) =>
    client.send(new LockSnapshotCommand({ SnapshotId, LockMode: 'governance', LockDuration: 30, ...input }));
  const lockState = async () => {
    const { Snapshots: locked } = await client.send(new DescribeLockedSnapshotsCommand({ SnapshotIds: [SnapshotId] }));
    return locked?.[0]?.LockState;
  };
  const share = () =>
    client.send(
      new ModifySnapshotAttributeCommand({
        SnapshotId,
        Attribute: 'createVolumePermission',
        OperationType: 'add',
        UserIds: ['777788889999'],
      }),
    );
  return { cloud, lock, lockState, share, taken: cloud.ec2.snapshots.taken[0]! };
}

afterEach(() => jest.restoreAllMocks());
const at = (time: number) => jest.spyOn(Date, 'now').mockReturnValue(time);

test.each<[string, Partial<LockSnapshotCommandInput>, string]>([
  ['no mode', { LockMode: '' as never }, 'InvalidParameterValue'],
  ['no duration and no date', { LockDuration: undefined }, 'InvalidParameterCombination'],
  ['a duration and a date', { ExpirationDate: new Date('2030-01-01T00:00:00Z') }, 'InvalidParameterCombination'],
  ['a day too many', { LockDuration: 36_501 }, 'InvalidParameterValue'],
  ['a cooling-off period in governance mode', { CoolOffPeriod: 24 }, 'InvalidParameterCombination'],
  ['a cooling-off period of four days', { LockMode: 'compliance', CoolOffPeriod: 96 }, 'InvalidParameterValue'],
  ['a snapshot that is not there', { SnapshotId: 'snap-0123456789abcdef0' }, 'InvalidSnapshot.NotFound'],
  ['a pending snapshot', {}, 'accepted'],
])('a lock of %s', async (_what, input, expected) => {
  const { lock } = await withSnapshot();

  expect(await refusal(lock(input))).toBe(expected);
});

test('a lock lasts its days from when the snapshot is complete', async () => {
  const { lock, lockState, taken } = await withSnapshot();
  await lock({});

  expect(await lockState()).toBe('governance');
  at(taken.doneAt + 30 * dayMs - 1);
  expect(await lockState()).toBe('governance');
  at(taken.doneAt + 30 * dayMs);
  expect(await lockState()).toBe('expired');
});

test('a snapshot that fails loses its lock, and cannot be locked', async () => {
  const { lock, lockState, taken } = await withSnapshot();
  await lock({});
  taken.fails = true;
  at(taken.doneAt);

  expect(await lockState()).toBeUndefined();
  expect(await refusal(lock({}))).toBe('IncorrectState');
});

test('compliance can be undone while it cools off, and only be extended after that', async () => {
  const { lock, lockState, taken } = await withSnapshot();
  await lock({ LockMode: 'compliance', CoolOffPeriod: 1 });

  expect(await lockState()).toBe('compliance-cooloff');
  expect(await refusal(lock({ LockMode: 'compliance', LockDuration: 20, CoolOffPeriod: 1 }))).toBe('accepted');
  at(taken.doneAt + dayMs);
  expect(await lockState()).toBe('compliance');
  expect(await refusal(lock({ LockMode: 'governance' }))).toBe('OperationNotPermitted');
  expect(await refusal(lock({ LockMode: 'compliance', LockDuration: 10 }))).toBe('OperationNotPermitted');
  expect(await refusal(lock({ LockMode: 'compliance', LockDuration: 60 }))).toBe('accepted');
});

test.each<[string, { encrypted?: boolean; kmsKeyId?: string }, string]>([
  ['that is not encrypted', {}, 'accepted'],
  ['under the default key', { encrypted: true }, 'OperationNotPermitted'],
  [
    'under a customer managed key',
    { encrypted: true, kmsKeyId: 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555' },
    'accepted',
  ],
])('a snapshot %s is shared with another account: %s', async (_what, volume, expected) => {
  const { share } = await withSnapshot(volume);

  expect(await refusal(share())).toBe(expected);
});
