import type {
  DeregisterTargetsInput,
  DescribeTargetHealthInput,
  RegisterTargetsInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { serviceError } from '../errors';
import { otherIds } from '../others';
import { changes, reads, type ServiceModel } from '../service';

interface Target {
  id: string;
  port: number;
  /** From when it is healthy, or until when it drains. */
  state: 'registered' | 'draining';
  until: number;
}

const drainMs = 60_000;
const initialMs = 30_000;

/** Simulated load balancing: targets that drain, and that need a while to be healthy. Source: ELBv2 API reference. */
export class ElasticLoadBalancingModel implements ServiceModel {
  readonly service = 'elbv2';
  private readonly groups = new Map<string, Target[]>();
  /** Healthy targets of each group besides the instances of the drill. */
  others = 1;

  /** Registers a healthy target with a group, which is made if need be. */
  put(targetGroupArn: string, id: string, port = 80): void {
    this.groups.set(targetGroupArn, [
      ...(this.groups.get(targetGroupArn) ?? []),
      { id, port, state: 'registered', until: 0 },
    ]);
  }

  /** Who is registered where, in a stable order. */
  registrations(): string[] {
    return [...this.groups]
      .flatMap(([arn]) => this.targetsOf(arn).map(({ id, port, state }) => `${arn} ${id}:${port} ${state}`))
      .sort();
  }

  readonly commands: ServiceModel['commands'] = {
    DescribeTargetGroups: reads<object, object>(() => ({
      TargetGroups: [...this.groups.keys()].map((TargetGroupArn) => ({ TargetGroupArn, TargetType: 'instance' })),
    })),
    DescribeTargetHealth: reads<DescribeTargetHealthInput, object>(({ TargetGroupArn = '' }) => ({
      TargetHealthDescriptions: [
        ...this.targetsOf(TargetGroupArn).map(({ id, port, state, until }) => ({
          Target: { Id: id, Port: port },
          TargetHealth: { State: state === 'draining' ? 'draining' : Date.now() < until ? 'initial' : 'healthy' },
        })),
        ...otherIds(this.others).map((Id) => ({ Target: { Id, Port: 80 }, TargetHealth: { State: 'healthy' } })),
      ],
    })),
    RegisterTargets: changes<RegisterTargetsInput, object>(({ TargetGroupArn = '', Targets = [] }, call) => {
      const others = this.targetsOf(TargetGroupArn).filter(
        ({ id, port }) => !Targets.some((one) => one.Id === id && one.Port === port),
      );
      const added = Targets.map(({ Id = '', Port = 80 }) => ({
        id: Id,
        port: Port,
        state: 'registered' as const,
        until: Date.now() + initialMs,
      }));
      this.groups.set(TargetGroupArn, [...others, ...added]);
      call.change(TargetGroupArn);
      return {};
    }),
    DeregisterTargets: changes<DeregisterTargetsInput, object>(({ TargetGroupArn = '', Targets = [] }, call) => {
      for (const target of this.targetsOf(TargetGroupArn)) {
        if (!Targets.some((one) => one.Id === target.id && (one.Port === undefined || one.Port === target.port)))
          continue;
        target.state = 'draining';
        target.until = Date.now() + drainMs;
      }
      call.change(TargetGroupArn);
      return {};
    }),
  };

  private targetsOf(arn: string): Target[] {
    const found = this.groups.get(arn);
    if (!found) throw serviceError('elbv2', 'TargetGroupNotFoundException', `Target group '${arn}' not found`);
    const left = found.filter(({ state, until }) => state !== 'draining' || Date.now() < until);
    this.groups.set(arn, left);
    return left;
  }
}
