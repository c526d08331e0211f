import type {
  AutoScalingGroupNamesType,
  DescribeAutoScalingInstancesType,
  EnterStandbyQuery,
  ExitStandbyQuery,
} from '@aws-sdk/client-auto-scaling';
import { serviceError } from '../errors';
import { otherIds } from '../others';
import { changes, reads, type ServiceModel } from '../service';

export interface ScalingGroup {
  minimum: number;
  desired: number;
  maximum: number;
  /** Lifecycle state by instance. */
  members: Map<string, 'InService' | 'Standby'>;
  targetGroupArns: string[];
}

/** Simulated Auto Scaling: Standby and back, within the group's bounds. Source: Auto Scaling API reference. */
export class AutoScalingModel implements ServiceModel {
  readonly service = 'auto-scaling';
  readonly groups = new Map<string, ScalingGroup>();
  /** Healthy members of each group besides the instances of the drill. */
  others = 1;

  /** Puts an instance into a group, which is made if need be; `spare` is how far the group stands above its minimum. */
  join(name: string, instanceId: string, spare = 1): void {
    const group = this.groups.get(name) ?? {
      minimum: 0,
      desired: 0,
      maximum: 0,
      members: new Map(),
      targetGroupArns: [],
    };
    group.members.set(instanceId, 'InService');
    group.desired = group.members.size;
    group.minimum = Math.max(0, group.desired - spare);
    group.maximum = group.desired;
    this.groups.set(name, group);
  }

  readonly commands: ServiceModel['commands'] = {
    DescribeAutoScalingInstances: reads<DescribeAutoScalingInstancesType, object>(({ InstanceIds = [] }) => ({
      AutoScalingInstances: [...this.groups].flatMap(([AutoScalingGroupName, { members }]) =>
        [...members]
          .filter(([id]) => InstanceIds.includes(id))
          .map(([InstanceId, LifecycleState]) => ({ InstanceId, AutoScalingGroupName, LifecycleState })),
      ),
    })),
    DescribeAutoScalingGroups: reads<AutoScalingGroupNamesType, object>(({ AutoScalingGroupNames }) => ({
      AutoScalingGroups: [...this.groups]
        .filter(([name]) => !AutoScalingGroupNames || AutoScalingGroupNames.includes(name))
        .map(([AutoScalingGroupName, { minimum, desired, maximum, targetGroupArns, members }]) => ({
          AutoScalingGroupName,
          MinSize: minimum,
          DesiredCapacity: desired,
          MaxSize: maximum,
          TargetGroupARNs: targetGroupArns,
          Instances: [
            ...[...members].map(([InstanceId, LifecycleState]) => ({
              InstanceId,
              LifecycleState,
              HealthStatus: 'Healthy',
            })),
            ...otherIds(this.others).map((InstanceId) => ({
              InstanceId,
              LifecycleState: 'InService',
              HealthStatus: 'Healthy',
            })),
          ],
        })),
    })),
    EnterStandby: changes<EnterStandbyQuery, object>((input, call) => {
      const { group, ids } = this.require(input, 'InService');
      if (input.ShouldDecrementDesiredCapacity && group.desired - ids.length < group.minimum)
        throw serviceError(
          'auto-scaling',
          'ValidationError',
          'The desired capacity may not go below the minimum size.',
        );
      for (const id of ids) group.members.set(id, 'Standby');
      if (input.ShouldDecrementDesiredCapacity) group.desired -= ids.length;
      call.change(...ids);
      return {};
    }),
    ExitStandby: changes<ExitStandbyQuery, object>((input, call) => {
      const { group, ids } = this.require(input, 'Standby');
      if (group.desired + ids.length > group.maximum)
        throw serviceError(
          'auto-scaling',
          'ValidationError',
          'The desired capacity may not go above the maximum size.',
        );
      for (const id of ids) group.members.set(id, 'InService');
      group.desired += ids.length;
      call.change(...ids);
      return {};
    }),
  };

  /** AWS refuses a move of an instance that is not in the state that it starts from. */
  private require(
    { AutoScalingGroupName, InstanceIds }: Partial<EnterStandbyQuery & ExitStandbyQuery>,
    from: 'InService' | 'Standby',
  ) {
    const group = this.groups.get(AutoScalingGroupName ?? '');
    const ids = InstanceIds ?? [];
    if (!group || ids.some((id) => !group.members.has(id)))
      throw serviceError('auto-scaling', 'ValidationError', 'The instance is not part of the Auto Scaling group.');
    if (ids.some((id) => group.members.get(id) !== from))
      throw serviceError('auto-scaling', 'ValidationError', `The instance is not in ${from}.`);
    return { group, ids };
  }
}
