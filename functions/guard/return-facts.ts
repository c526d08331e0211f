import { DescribeAutoScalingGroupsCommand, DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeInstanceAttributeCommand,
  DescribeInstanceTypesCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeVolumesCommand,
} from '@aws-sdk/client-ec2';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { autoScaling } from '../shared/clients/auto-scaling';
import { ec2 } from '../shared/clients/ec2';
import { kms } from '../shared/clients/kms';
import type { Config } from '../shared/config';
import type { ReturnFacts, Snapshot } from './snapshot';
import { isTagged } from './tags';

/** Reads the facts that decide whether an instance will come back. A failed read throws: unknown is not a yes. */
export async function describeReturnFacts(
  snapshot: Snapshot,
  { OPT_IN_TAG }: Pick<Config, 'OPT_IN_TAG'>,
): Promise<ReturnFacts> {
  const { instanceId, spotRequestId } = snapshot;
  const [stopProtected, spotType, keys, instanceStore, scaling] = await Promise.all([
    // The role may read attributes of opted-in instances only; any other instance is refused for that reason anyway.
    isTagged(snapshot.tags, OPT_IN_TAG) ? readStopProtection(instanceId) : true,
    spotRequestId ? readSpotType(spotRequestId) : undefined,
    readKeys(snapshot.volumeIds),
    readInstanceStore(snapshot.instanceType),
    snapshot.autoScalingGroup ? readScaling(instanceId) : undefined,
  ]);
  return { stopProtected, spotType, hasInstanceStore: instanceStore, scaling, ...keys };
}

async function readStopProtection(InstanceId: string): Promise<boolean> {
  const { DisableApiStop } = await ec2.send(
    new DescribeInstanceAttributeCommand({ InstanceId, Attribute: 'disableApiStop' }),
  );
  return DisableApiStop?.Value ?? true;
}

/** An instance with a group's tag that is not its member has no scaling facts. */
async function readScaling(instanceId: string): Promise<ReturnFacts['scaling']> {
  const { AutoScalingInstances } = await autoScaling.send(
    new DescribeAutoScalingInstancesCommand({ InstanceIds: [instanceId] }),
  );
  const member = AutoScalingInstances?.[0];
  if (!member?.AutoScalingGroupName) return undefined;
  const { AutoScalingGroups } = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [member.AutoScalingGroupName] }),
  );
  const group = AutoScalingGroups?.[0];
  return {
    group: member.AutoScalingGroupName,
    lifecycle: member.LifecycleState ?? 'unknown',
    // A limit that cannot be read counts as one that leaves no room.
    minimum: group?.MinSize ?? Number.MAX_SAFE_INTEGER,
    desired: group?.DesiredCapacity ?? 0,
  };
}

async function readSpotType(requestId: string): Promise<string> {
  try {
    const { SpotInstanceRequests } = await ec2.send(
      new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [requestId] }),
    );
    return SpotInstanceRequests?.[0]?.Type ?? 'unknown';
  } catch (error) {
    // EC2 forgets a cancelled request after four hours, while its instance may still run; unknown is not a yes.
    if (error instanceof Error && error.name === 'InvalidSpotInstanceRequestID.NotFound') return 'unknown';
    throw error;
  }
}

async function readKeys(volumeIds: string[]): Promise<Pick<ReturnFacts, 'customerKeys' | 'unusableKeys'>> {
  if (volumeIds.length === 0) return { customerKeys: [], unusableKeys: [] };
  const { Volumes } = await ec2.send(new DescribeVolumesCommand({ VolumeIds: volumeIds }));
  const keyIds = [
    ...new Set((Volumes ?? []).flatMap(({ Encrypted, KmsKeyId }) => (Encrypted && KmsKeyId ? [KmsKeyId] : []))),
  ];
  const keys = await Promise.all(keyIds.map(readKey));
  const customers = keys.filter(({ manager }) => manager !== 'AWS');
  return {
    customerKeys: customers.map(({ arn }) => arn),
    unusableKeys: customers.filter(({ state }) => state !== 'Enabled').map(({ arn }) => arn),
  };
}

/** KMS errors that count as answers: the key is deleted, is not a key, or is not in a usable state. */
const unusable =
  /^(NotFoundException|InvalidArnException|DisabledException|KMSInvalidStateException|KeyUnavailableException)$/;

/** A key as described by KMS; one that KMS no longer knows counts as disabled. */
async function readKey(
  KeyId: string,
): Promise<{ arn: string; manager?: string | undefined; state?: string | undefined }> {
  try {
    const { KeyMetadata: key } = await kms.send(new DescribeKeyCommand({ KeyId }));
    return { arn: key?.Arn ?? KeyId, manager: key?.KeyManager, state: key?.KeyState };
  } catch (error) {
    if (!(error instanceof Error && unusable.test(error.name))) throw error;
    return { arn: KeyId, state: error.name };
  }
}

/** Whether the instance type has instance store volumes, whose data a stop loses. */
async function readInstanceStore(instanceType: string): Promise<boolean> {
  const { InstanceTypes } = await ec2.send(
    new DescribeInstanceTypesCommand({ InstanceTypes: [instanceType as never] }),
  );
  return InstanceTypes?.[0]?.InstanceStorageSupported ?? true;
}
