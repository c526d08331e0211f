import type {
  AutoScalingGroupNamesType,
  DescribeAutoScalingInstancesType,
  DescribeScalingActivitiesType,
  EnterStandbyQuery,
  ExitStandbyQuery,
  SetInstanceProtectionQuery,
} from '@aws-sdk/client-auto-scaling';
import type { Ec2Instance } from '../ec2/instance';
import type { Ec2Model } from '../ec2/model';
import type { ElasticLoadBalancingModel } from '../elbv2/model';
import { drawMilliseconds, type Environment } from '../environment';
import { otherIds } from '../others';
import { changes, reads, type ServiceModel } from '../service';
import { Activities } from './activities';
import { invalid } from './invalid';

/** Source: Auto Scaling user guide, "Amazon EC2 Auto Scaling instance lifecycle". */
export type LifecycleState = 'Pending' | 'InService' | 'EnteringStandby' | 'Standby' | 'Terminating';

export interface ScalingGroup {
  minimum: number;
  desired: number;
  maximum: number;
  /** Lifecycle state by instance. */
  members: Map<string, LifecycleState>;
  /** Members that are protected from scale-in. */
  protectedMembers: Set<string>;
  targetGroupArns: string[];
}

/** Seconds that a move takes besides draining, and from a failed health check to the replacement. */
const moveSeconds = [5, 20] as const;
const replaceSeconds = [60, 120] as const;
/** Source: Auto Scaling API reference, EnterStandby, DescribeAutoScalingInstances. */
const mostMoved = 20;
const mostDescribed = 50;

type Named = Partial<EnterStandbyQuery & ExitStandbyQuery>;

/**
 * Simulated Auto Scaling: Standby and back, within the group's bounds and with its target groups; a member that is stopped
 * is replaced. Source: Auto Scaling API reference; user guide, "Temporarily remove instances", "Health checks".
 */
export class AutoScalingModel implements ServiceModel {
  readonly service = 'auto-scaling';
  readonly groups = new Map<string, ScalingGroup>();
  readonly activities: Activities;
  /** Healthy members of each group besides the instances of the drill. */
  others = 1;

  constructor(
    private readonly environment: Pick<Environment, 'random' | 'timers'>,
    private readonly ec2: Pick<Ec2Model, 'find' | 'launch' | 'lifecycle'>,
    private readonly loadBalancing: Pick<ElasticLoadBalancingModel, 'put' | 'drain'>,
  ) {
    this.activities = new Activities(environment.random);
    ec2.lifecycle.onChange((instance) => this.checkHealth(instance));
  }

  /** Puts an instance into a group, which is made if need be; `spare` is how far the group stands above its minimum. */
  join(name: string, instanceId: string, spare = 1): void {
    const group = this.groups.get(name) ?? {
      minimum: 0,
      desired: 0,
      maximum: 0,
      members: new Map(),
      protectedMembers: new Set(),
      targetGroupArns: [],
    };
    group.members.set(instanceId, 'InService');
    group.desired = group.members.size;
    group.minimum = Math.max(0, group.desired - spare);
    group.maximum = group.desired;
    this.groups.set(name, group);
  }

  /**
   * Scales every group in by one. A member in service that is not protected leaves it; with none, the desired capacity falls
   * all the same. Source: Auto Scaling user guide, "Use instance scale-in protection".
   * @returns the instances to terminate: EC2's own termination protection does not keep Auto Scaling from it (EC2 user
   *   guide, "Change instance termination protection")
   */
  scaleIn(): string[] {
    return [...this.groups.values()].flatMap((group) => {
      const leaving = [...group.members].find(
        ([id, state]) => state === 'InService' && !group.protectedMembers.has(id),
      );
      group.minimum = Math.max(0, group.minimum - 1);
      group.desired = Math.max(0, group.desired - 1);
      if (!leaving) return [];
      group.members.delete(leaving[0]);
      return [leaving[0]];
    });
  }

  readonly commands: ServiceModel['commands'] = {
    DescribeScalingActivities: reads<DescribeScalingActivitiesType, object>((input) => this.activities.describe(input)),
    DescribeAutoScalingInstances: reads<DescribeAutoScalingInstancesType, object>(({ InstanceIds = [] }) => {
      if (InstanceIds.length > mostDescribed) throw invalid('At most 50 instance IDs can be given.');
      return {
        AutoScalingInstances: [...this.groups].flatMap(([AutoScalingGroupName, { members, protectedMembers }]) =>
          [...members]
            .filter(([id]) => InstanceIds.includes(id))
            .map(([InstanceId, LifecycleState]) => ({
              InstanceId,
              AutoScalingGroupName,
              LifecycleState,
              ProtectedFromScaleIn: protectedMembers.has(InstanceId),
            })),
        ),
      };
    }),
    DescribeAutoScalingGroups: reads<AutoScalingGroupNamesType, object>(({ AutoScalingGroupNames }) => ({
      AutoScalingGroups: [...this.groups]
        .filter(([name]) => !AutoScalingGroupNames || AutoScalingGroupNames.includes(name))
        .map(([AutoScalingGroupName, { minimum, desired, maximum, members, targetGroupArns }]) => ({
          AutoScalingGroupName,
          MinSize: minimum,
          DesiredCapacity: desired,
          MaxSize: maximum,
          TargetGroupARNs: targetGroupArns,
          Instances: [
            ...[...members].map(([InstanceId, LifecycleState]) => ({
              InstanceId,
              LifecycleState,
              HealthStatus: this.isUnhealthy(InstanceId) ? 'Unhealthy' : 'Healthy',
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
        throw invalid('The desired capacity may not go below the minimum size.');
      if (input.ShouldDecrementDesiredCapacity) group.desired -= ids.length;
      for (const id of ids) this.enter(group, id);
      call.change(...ids);
      return {};
    }),
    ExitStandby: changes<ExitStandbyQuery, object>((input, call) => {
      const { group, ids } = this.require(input, 'Standby');
      if (group.desired + ids.length > group.maximum)
        throw invalid('The desired capacity may not go above the maximum size.');
      group.desired += ids.length;
      for (const id of ids) this.exit(group, id);
      call.change(...ids);
      return {};
    }),
    // Source: Auto Scaling API reference, SetInstanceProtection; allowed in Standby too.
    SetInstanceProtection: changes<SetInstanceProtectionQuery, object>((input, call) => {
      const { group, ids } = this.requireMembers(input);
      for (const id of ids) {
        if (input.ProtectedFromScaleIn === group.protectedMembers.has(id)) continue;
        if (input.ProtectedFromScaleIn) group.protectedMembers.add(id);
        else group.protectedMembers.delete(id);
        call.change(id);
      }
      return {};
    }),
  };

  /** Its targets drain first. */
  private enter(group: ScalingGroup, id: string): void {
    const drained = group.targetGroupArns.map((arn) => this.loadBalancing.drain(arn, id));
    this.move(group, id, 'EnteringStandby', 'Standby', Math.max(0, ...drained));
  }

  /** It is registered again, and is checked like any other member from then on. */
  private exit(group: ScalingGroup, id: string): void {
    for (const arn of group.targetGroupArns) this.loadBalancing.put(arn, id, 80, Date.now());
    this.move(group, id, 'Pending', 'InService', 0);
  }

  private move(group: ScalingGroup, id: string, via: LifecycleState, to: LifecycleState, afterMs: number): void {
    group.members.set(id, via);
    this.environment.timers.after(afterMs + this.draw(moveSeconds), () => {
      if (group.members.get(id) !== via) return;
      group.members.set(id, to);
      const instance = this.ec2.find(id);
      if (instance) this.checkHealth(instance);
    });
  }

  /** A member that does not run is unhealthy; one in Standby is not looked at. */
  private checkHealth(instance: Ec2Instance): void {
    for (const group of this.groups.values()) {
      if (group.members.get(instance.id) !== 'InService' || !isDown(instance)) continue;
      this.environment.timers.after(this.draw(replaceSeconds), () => {
        if (group.members.get(instance.id) === 'InService' && isDown(instance)) this.replace(group, instance);
      });
    }
  }

  private replace(group: ScalingGroup, instance: Ec2Instance): void {
    group.members.delete(instance.id);
    if (instance.state !== 'terminated' && instance.state !== 'shutting-down') this.ec2.lifecycle.terminate(instance);
    const { instanceId: _, volumes, networkInterfaces, ...spec } = instance.spec;
    const id = this.ec2.launch({
      ...spec,
      volumes: volumes.map(({ volumeId: __, ...volume }) => volume),
      networkInterfaces: networkInterfaces.map(({ networkInterfaceId: __, ...item }) => item),
      state: 'pending',
      launchedSecondsAgo: 0,
      symptoms: [],
    });
    for (const arn of group.targetGroupArns) this.loadBalancing.put(arn, id, 80, Date.now());
    this.move(group, id, 'Pending', 'InService', 60_000);
  }

  private isUnhealthy(instanceId: string): boolean {
    const instance = this.ec2.find(instanceId);
    return instance !== undefined && isDown(instance);
  }

  private draw(seconds: readonly [number, number]): number {
    return drawMilliseconds(this.environment.random, seconds);
  }

  /** AWS refuses a move of an instance that is not in the state that it starts from. */
  private require(input: Named, from: 'InService' | 'Standby') {
    if ((input.InstanceIds?.length ?? 0) > mostMoved) throw invalid('At most 20 instance IDs can be given.');
    const { group, ids } = this.requireMembers(input);
    if (ids.some((id) => group.members.get(id) !== from)) throw invalid(`The instance is not in ${from}.`);
    return { group, ids };
  }

  private requireMembers({ AutoScalingGroupName, InstanceIds }: Named) {
    const group = this.groups.get(AutoScalingGroupName ?? '');
    const ids = InstanceIds ?? [];
    if (!group || ids.some((id) => !group.members.has(id)))
      throw invalid('The instance is not part of the Auto Scaling group.');
    return { group, ids };
  }
}

const isDown = ({ state }: Ec2Instance) => /^(stopping|stopped|shutting-down|terminated)$/.test(state);
