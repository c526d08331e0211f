import { DescribeInstanceStatusCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { InstanceGoneError } from '../shared/aws-errors';
import { ec2 } from '../shared/clients/ec2';
import { type Snapshot, type StatusChecks, toSnapshot } from './snapshot';

/**
 * Describes an instance as it is now (EC2 is eventually consistent).
 * @throws InstanceGoneError when it does not exist or is terminated
 */
export async function describeInstance(instanceId: string): Promise<Snapshot> {
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  const instance = Reservations?.[0]?.Instances?.[0];
  if (!instance) throw new InstanceGoneError(`The instance ${instanceId} does not exist.`);
  const snapshot = toSnapshot(instance);
  if (snapshot.state === 'terminated' || snapshot.state === 'shutting-down') {
    throw new InstanceGoneError(`The instance ${instanceId} is ${snapshot.state}.`);
  }
  return snapshot;
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
