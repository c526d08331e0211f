import type { InstanceStateName } from '@aws-sdk/client-ec2';
import { arnOf } from '../arn';
import { drawMilliseconds, type Environment } from '../environment';
import { incorrectState, insufficientCapacity } from './errors';
import { type Ec2Instance, type Life, publicAddress } from './instance';
import { heal } from './symptoms';

/** How EC2 is (mis)behaving; faults turn these. */
export class Ec2Conditions {
  /** A stop never completes; forced ones do, unless `forcedToo`. */
  stopHangs: false | 'unless-forced' | 'forced-too' = false;
  /** Seconds a stop takes, in place of the instance's own timing. */
  stopSeconds: number | null = null;
  /** How many starts are still refused for want of capacity. */
  capacityRefusals = 0;
  /** Availability Zones without capacity, and until when (epoch milliseconds). */
  readonly zonesWithoutCapacity = new Map<string, number>();
  /** Whether a want of capacity shows only later: pending goes back to stopped. */
  capacityShowsLate = false;
  kmsGrantMissing = false;
  /** Instance status checks fail after every start. */
  statusChecksFailAfterStart = false;
  /** How many descriptions after a change still show the state before it. */
  staleReads = 0;
}

/** Takes instances through their states, in the time that takes, and tells EventBridge. Source: EC2 user guide, "Instance lifecycle". */
export class Lifecycle {
  private readonly pendingSteps = new Map<string, () => void>();
  private readonly listeners: ((instance: Ec2Instance) => void)[] = [];

  constructor(
    private readonly environment: Environment,
    private readonly conditions: Ec2Conditions,
  ) {}

  /** Calls `listener` after every change of an instance's state. */
  onChange(listener: (instance: Ec2Instance) => void): void {
    this.listeners.push(listener);
  }

  /** Begins a stop. `reason` is what StateTransitionReason will say before the time. */
  stop(instance: Ec2Instance, options: { force: boolean; reason?: string; code?: string }): void {
    const { stopHangs, stopSeconds } = this.conditions;
    const reason = options.reason ?? 'User initiated';
    const code = options.code ?? 'Client.UserInitiatedShutdown';
    if (instance.state !== 'stopping') {
      this.move(instance, 'stopping', {
        transitionReason: stamped(reason),
        stateReason: { Code: code, Message: `${code}: ${reason} shutdown` },
      });
    }
    if (stopHangs === 'forced-too' || (stopHangs && !options.force)) return;
    if (this.pendingSteps.has(instance.id)) return;
    const time = stopSeconds === null ? this.draw(instance, 'stopping') : stopSeconds * 1000;
    this.later(instance, time, () => this.stopped(instance, {}));
  }

  /** Begins a start. @throws IncorrectInstanceState, InsufficientInstanceCapacity. */
  start(instance: Ec2Instance): void {
    if (instance.state !== 'stopped') throw incorrectState(instance.id, 'started');
    const isDown = Date.now() < (this.conditions.zonesWithoutCapacity.get(instance.availabilityZone) ?? 0);
    const lacksCapacity = isDown || this.conditions.capacityRefusals > 0;
    if (lacksCapacity && !isDown) this.conditions.capacityRefusals -= 1;
    if (lacksCapacity && !this.conditions.capacityShowsLate)
      throw insufficientCapacity(instance.spec.instanceType, instance.availabilityZone);
    this.move(instance, 'pending', { launchTime: Date.now(), transitionReason: '', stateReason: undefined });
    const withoutGrant = instance.volumes.some(
      (volume) => volume.kmsKeyId && (!volume.kmsGrant || this.conditions.kmsGrantMissing),
    );
    this.later(instance, this.draw(instance, 'pending'), () => {
      if (lacksCapacity) this.failToStart(instance, noCapacity);
      else if (withoutGrant) this.failToStart(instance, noGrant);
      else this.running(instance);
    });
  }

  /** Begins a termination; the instance stays visible as terminated. */
  terminate(instance: Ec2Instance, reason = 'User initiated'): void {
    const code = 'Client.UserInitiatedShutdown';
    this.move(instance, 'shutting-down', {
      transitionReason: stamped(reason),
      stateReason: { Code: code, Message: `${code}: ${reason} shutdown` },
    });
    this.later(instance, this.draw(instance, 'shuttingDown'), () => this.terminated(instance));
  }

  /** Reboots the operating system: the state stays `running`; a check of the instance may fail meanwhile. */
  reboot(instance: Ec2Instance): void {
    const time = this.draw(instance, 'reboot');
    instance.reboots.push({ from: Date.now(), to: Date.now() + time });
    this.environment.timers.after(time, () => {
      if (instance.state === 'running') heal(instance.courses, 'reboot', Date.now());
    });
  }

  /** Carries on with a state in which an instance was launched. */
  resume(instance: Ec2Instance): void {
    if (instance.state === 'pending')
      this.later(instance, this.draw(instance, 'pending'), () => this.running(instance));
    if (instance.state === 'stopping') this.stop(instance, { force: false });
    if (instance.state === 'shutting-down')
      this.later(instance, this.draw(instance, 'shuttingDown'), () => this.terminated(instance));
  }

  private running(instance: Ec2Instance): void {
    heal(instance.courses, 'start', Date.now());
    if (this.conditions.statusChecksFailAfterStart)
      instance.addSymptom({ metricName: 'StatusCheckFailed_Instance', value: 1, heals: 'never' });
    instance.checkedFrom = Date.now() + this.draw(instance, 'statusChecks');
    if (instance.history.some(({ state }) => state === 'stopped')) instance.movedAt = Date.now();
    this.move(instance, 'running', getsAddress(instance) ? { publicIp: publicAddress(this.environment.random) } : {});
  }

  private failToStart(instance: Ec2Instance, { reason, Code, Message }: typeof noGrant): void {
    this.stopped(instance, { transitionReason: stamped(reason), stateReason: { Code, Message } });
  }

  /** Volumes that are not deleted with it stay behind, detached. */
  private terminated(instance: Ec2Instance): void {
    this.move(instance, 'terminated', { publicIp: undefined });
  }

  private stopped(instance: Ec2Instance, change: Partial<Life>): void {
    heal(instance.courses, 'stop', Date.now());
    this.move(instance, 'stopped', instance.hasElasticIp ? change : { ...change, publicIp: undefined });
  }

  private draw(instance: Ec2Instance, step: keyof Ec2Instance['timing']): number {
    return drawMilliseconds(this.environment.random, instance.timing[step]);
  }

  private later(instance: Ec2Instance, milliseconds: number, work: () => void): void {
    const callOff = this.environment.timers.after(milliseconds, () => {
      this.pendingSteps.delete(instance.id);
      work();
    });
    this.pendingSteps.set(instance.id, callOff);
  }

  private move(instance: Ec2Instance, state: InstanceStateName, change: Partial<Life>): void {
    this.pendingSteps.get(instance.id)?.();
    this.pendingSteps.delete(instance.id);
    instance.moveTo(state, change, this.conditions.staleReads);
    this.environment.emit({
      'detail-type': 'EC2 Instance State-change Notification',
      source: 'aws.ec2',
      resources: [arnOf(this.environment, 'ec2', `instance/${instance.id}`)],
      detail: { 'instance-id': instance.id, state },
    });
    for (const listener of this.listeners) listener(instance);
  }
}

/** Source: EC2 user guide, "Troubleshoot instance launch issues", "Instance terminates immediately". */
const noGrant = {
  reason: 'Server.InternalError',
  Code: 'Client.InternalError',
  Message: 'Client.InternalError: Client error on launch',
};
const noCapacity = {
  reason: 'Server.InsufficientInstanceCapacity',
  Code: 'Server.InsufficientInstanceCapacity',
  Message: 'Server.InsufficientInstanceCapacity: Insufficient capacity to satisfy instance request',
};

/**
 * Whether EC2 gives it a new public IPv4 address when it starts: not beside an Elastic IP, and not with several interfaces.
 * Source: EC2 user guide, "Public IPv4 addresses".
 */
export function getsAddress({ spec, hasElasticIp, interfaces }: Ec2Instance): boolean {
  return spec.publicIpv4 && !hasElasticIp && interfaces.length === 1;
}

/** A reason with the time, as StateTransitionReason writes it: `User initiated (2026-11-24 02:00:00 GMT)`. */
function stamped(reason: string): string {
  return `${reason} (${new Date().toISOString().slice(0, 19).replace('T', ' ')} GMT)`;
}
