import { DescribeAutoScalingInstancesCommand, SetInstanceProtectionCommand } from '@aws-sdk/client-auto-scaling';
import { autoScaling } from '../shared/clients/auto-scaling';
import type { Before } from './saved';

/** The instance's Auto Scaling group, and whether scale-in spares the instance; undefined if it is in none. */
export async function readScaleIn(instanceId: string): Promise<Before<'scale-in'> | undefined> {
  const { AutoScalingInstances } = await autoScaling.send(
    new DescribeAutoScalingInstancesCommand({ InstanceIds: [instanceId] }),
  );
  const { AutoScalingGroupName: group, ProtectedFromScaleIn = false } = AutoScalingInstances?.[0] ?? {};
  return group === undefined ? undefined : { group, isProtected: ProtectedFromScaleIn };
}

/** Sets whether scale-in spares the instance. Idempotent. */
export async function setScaleIn(instanceId: string, { group, isProtected }: Before<'scale-in'>): Promise<void> {
  await autoScaling.send(
    new SetInstanceProtectionCommand({
      AutoScalingGroupName: group,
      InstanceIds: [instanceId],
      ProtectedFromScaleIn: isProtected,
    }),
  );
}
