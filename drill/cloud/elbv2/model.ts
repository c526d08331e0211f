import type {
  DeregisterTargetsInput,
  DescribeTargetGroupsInput,
  DescribeTargetHealthInput,
  RegisterTargetsInput,
  TargetHealth,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { slice } from '../ec2/filters';
import type { Ec2Model } from '../ec2/model';
import { serviceError } from '../errors';
import { otherIds } from '../others';
import { changes, reads, type ServiceModel } from '../service';

interface Target {
  id: string;
  port: number;
  /** When it was registered, or until when it drains. */
  state: 'registered' | 'draining';
  at: number;
}

/** The deregistration delay of a group, unless set otherwise. Source: ELB user guide, "Target group attributes". */
const drainMs = 300_000;
const initialMs = 30_000;
/** Source: ELBv2 API reference, DescribeTargetGroups, PageSize. */
const pageSize = 400;
/** Targets of a group. Source: "Quotas for your Application Load Balancers". */
const mostTargets = 1_000;

/** Simulated load balancing: targets that drain, and that need a while to be healthy. Source: ELBv2 API reference. */
export class ElasticLoadBalancingModel implements ServiceModel {
  readonly service = 'elbv2';
  private readonly groups = new Map<string, Target[]>();
  /** Healthy targets of each group besides the instances of the drill. */
  others = 1;

  constructor(private readonly ec2: Pick<Ec2Model, 'find'>) {}

  /** Registers a target with a group, which is made if need be; one that a drill begins with has been healthy for long. */
  put(targetGroupArn: string, id: string, port = 80, at = 0): void {
    const others = (this.groups.get(targetGroupArn) ?? []).filter((one) => one.id !== id || one.port !== port);
    this.groups.set(targetGroupArn, [...others, { id, port, state: 'registered', at }]);
  }

  /** Takes every registration of an instance with a group off. @returns how long that takes, in ms */
  drain(targetGroupArn: string, id: string): number {
    const own = (this.groups.get(targetGroupArn) ?? []).filter((one) => one.id === id);
    for (const target of own) startDraining(target);
    return own.length === 0 ? 0 : drainMs;
  }

  /** Deletes a group, with its registrations. */
  deleteGroup(targetGroupArn: string): void {
    this.groups.delete(targetGroupArn);
  }

  /** Who is registered where, in a stable order. */
  registrations(): string[] {
    return [...this.groups]
      .flatMap(([arn]) => this.targetsOf(arn).map(({ id, port, state }) => `${arn} ${id}:${port} ${state}`))
      .sort();
  }

  readonly commands: ServiceModel['commands'] = {
    DescribeTargetGroups: reads<DescribeTargetGroupsInput, object>(({ PageSize, Marker }) => {
      const { items, nextToken } = slice([...this.groups.keys()], Math.min(PageSize ?? pageSize, pageSize), Marker);
      return {
        TargetGroups: items.map((TargetGroupArn) => ({ TargetGroupArn, TargetType: 'instance' })),
        ...(nextToken && { NextMarker: nextToken }),
      };
    }),
    DescribeTargetHealth: reads<DescribeTargetHealthInput, object>(({ TargetGroupArn = '' }) => ({
      TargetHealthDescriptions: [
        ...this.targetsOf(TargetGroupArn).map((target) => ({
          Target: { Id: target.id, Port: target.port },
          TargetHealth: this.healthOf(target),
        })),
        ...otherIds(this.others).map((Id) => ({ Target: { Id, Port: 80 }, TargetHealth: { State: 'healthy' } })),
      ],
    })),
    RegisterTargets: changes<RegisterTargetsInput, object>(({ TargetGroupArn = '', Targets = [] }, call) => {
      const others = this.targetsOf(TargetGroupArn).filter(
        ({ id, port }) => !Targets.some((one) => one.Id === id && (one.Port ?? 80) === port),
      );
      // "The instance must be in the running state when you register it." Source: RegisterTargets.
      const down = Targets.find(({ Id = '' }) => !this.isRunning(Id));
      if (down)
        throw serviceError(
          'elbv2',
          'InvalidTargetException',
          `The following targets are not in a running state and cannot be registered: '${down.Id}'`,
        );
      if (others.length + Targets.length > mostTargets)
        throw serviceError('elbv2', 'TooManyTargetsException', 'The maximum number of targets has been reached.');
      const added = Targets.map(({ Id = '', Port = 80 }) => ({
        id: Id,
        port: Port,
        state: 'registered' as const,
        at: Date.now(),
      }));
      this.groups.set(TargetGroupArn, [...others, ...added]);
      call.change(TargetGroupArn);
      return {};
    }),
    DeregisterTargets: changes<DeregisterTargetsInput, object>(({ TargetGroupArn = '', Targets = [] }, call) => {
      for (const target of this.targetsOf(TargetGroupArn)) {
        if (Targets.some((one) => one.Id === target.id && (one.Port === undefined || one.Port === target.port)))
          startDraining(target);
      }
      call.change(TargetGroupArn);
      return {};
    }),
  };

  /** Source: ELB user guide, "Target health status". */
  private healthOf({ id, state, at }: Target): TargetHealth {
    if (state === 'draining') return { State: 'draining', Reason: 'Target.DeregistrationInProgress' };
    if (!this.isRunning(id)) return { State: 'unused', Reason: 'Target.InvalidState' };
    const since = Math.max(at, this.ec2.find(id)?.stateSince ?? 0);
    return Date.now() < since + initialMs
      ? { State: 'initial', Reason: 'Elb.InitialHealthChecking' }
      : { State: 'healthy' };
  }

  private isRunning(id: string): boolean {
    return (this.ec2.find(id)?.state ?? 'running') === 'running';
  }

  private targetsOf(arn: string): Target[] {
    const found = this.groups.get(arn);
    if (!found) throw serviceError('elbv2', 'TargetGroupNotFoundException', `Target group '${arn}' not found`);
    const left = found.filter(({ state, at }) => state !== 'draining' || Date.now() < at);
    this.groups.set(arn, left);
    return left;
  }
}

function startDraining(target: Target): void {
  if (target.state === 'draining') return;
  target.state = 'draining';
  target.at = Date.now() + drainMs;
}
