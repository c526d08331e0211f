import { DescribeInstanceStatusCommand, DescribeInstancesCommand, type Instance } from '@aws-sdk/client-ec2';
import { askAgain } from '../shared/ask-again';
import { InstanceGoneError } from '../shared/aws-errors';
import { ec2 } from '../shared/clients/ec2';
import { type Snapshot, type StatusChecks, toSnapshot } from './snapshot';

/**
 * The instance as EC2 lists it. One response without it proves nothing (EC2 is eventually consistent): it is gone when
 * checks that are seconds apart agree, or when EC2 says that it is terminated, which it never takes back.
 * @throws InstanceGoneError
 */
export async function findInstance(instanceId: string): Promise<Instance> {
  const instance = await askAgain(async () => {
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
    return Reservations?.[0]?.Instances?.[0];
  });
  if (!instance) throw new InstanceGoneError(`The instance ${instanceId} does not exist.`);
  const state = instance.State?.Name;
  if (state === 'terminated' || state === 'shutting-down')
    throw new InstanceGoneError(`The instance ${instanceId} is ${state}.`);
  return instance;
}

/**
 * Describes an instance as it is now (EC2 is eventually consistent).
 * @throws InstanceGoneError when it does not exist or is terminated
 */
export async function describeInstance(instanceId: string): Promise<Snapshot> {
  return toSnapshot(await findInstance(instanceId));
}

export async function describeStatus(instanceId: string): Promise<StatusChecks> {
  const { InstanceStatuses } = await ec2.send(
    new DescribeInstanceStatusCommand({ InstanceIds: [instanceId], IncludeAllInstances: true }),
  );
  const found = InstanceStatuses?.[0];
  return {
    system: found?.SystemStatus?.Status ?? 'insufficient-data',
    instance: found?.InstanceStatus?.Status ?? 'insufficient-data',
  };
}
