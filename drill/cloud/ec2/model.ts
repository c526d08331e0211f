import type { Environment } from '../environment';
import type { ServiceModel } from '../service';
import { changeInstances } from './change-instances';
import { describeAttachments } from './describe-attachments';
import { describeInstances } from './describe-instances';
import { Fleet } from './fleet';
import { Ec2Instance } from './instance';
import { Ec2Conditions, Lifecycle } from './lifecycle';
import { type InstanceSpecInput, instanceSpecSchema } from './spec';
import { tagCommands } from './tags';

/** Simulated EC2: instances that take time to stop and start, and refuse what EC2 refuses. */
export class Ec2Model implements ServiceModel {
  readonly service = 'ec2';
  readonly commands: ServiceModel['commands'];
  readonly conditions = new Ec2Conditions();
  readonly lifecycle: Lifecycle;
  private readonly fleet = new Fleet();

  constructor(private readonly environment: Environment) {
    this.lifecycle = new Lifecycle(environment, this.conditions);
    this.commands = {
      ...describeInstances(this.fleet, environment.account),
      ...describeAttachments(this.fleet),
      ...changeInstances(this.fleet, this.lifecycle),
      ...tagCommands(this.fleet),
    };
  }

  /** Adds an instance. @returns its id. @throws ZodError when the spec is wrong. */
  launch(spec: InstanceSpecInput = {}): string {
    const instance = new Ec2Instance(instanceSpecSchema.parse(spec), this.environment);
    this.fleet.add(instance);
    if (instance.spec.autoScalingGroupName)
      instance.setTag('aws:autoscaling:groupName', instance.spec.autoScalingGroupName);
    this.lifecycle.resume(instance);
    return instance.id;
  }

  /** The instance of an id, if there ever was one. */
  find(id: string): Ec2Instance | undefined {
    return this.fleet.find(id);
  }

  /** All instances that EC2 still shows. */
  instances(): Ec2Instance[] {
    return this.fleet.visible();
  }
}
