import type { Environment } from '../environment';
import type { ServiceModel } from '../service';
import { addressCommands, ElasticIps } from './addresses';
import { attributeCommands } from './attributes';
import { changeInstances } from './change-instances';
import { Consistency } from './consistency';
import { describeAttachments } from './describe-attachments';
import { describeInstances } from './describe-instances';
import { Fleet } from './fleet';
import { Flows } from './flows';
import { Ec2Instance } from './instance';
import { Interfaces, interfaceCommands } from './interfaces';
import { Ec2Conditions, Lifecycle } from './lifecycle';
import { NetworkAcls, networkAclCommands } from './network-acls';
import { SecurityGroups, securityGroupCommands } from './security-groups';
import { Snapshots, snapshotCommands } from './snapshots';
import { type InstanceSpecInput, instanceSpecSchema } from './spec';
import { tagCommands } from './tags';
import { vpcCommands } from './vpcs';

/** Simulated EC2: instances that take time to stop and start, and refuse what EC2 refuses. */
export class Ec2Model implements ServiceModel {
  readonly service = 'ec2';
  readonly commands: ServiceModel['commands'];
  readonly conditions = new Ec2Conditions();
  readonly consistency = new Consistency();
  readonly lifecycle: Lifecycle;
  readonly groups: SecurityGroups;
  readonly interfaces: Interfaces;
  readonly snapshots: Snapshots;
  readonly addresses = new ElasticIps();
  readonly networkAcls: NetworkAcls;
  private readonly fleet = new Fleet();

  constructor(private readonly environment: Environment) {
    this.lifecycle = new Lifecycle(environment, this.conditions);
    this.groups = new SecurityGroups(environment, this.consistency);
    const flows = new Flows();
    this.interfaces = new Interfaces(this.fleet, this.groups, flows);
    this.networkAcls = new NetworkAcls(flows, this.consistency);
    this.snapshots = new Snapshots(environment);
    const { interfaces, groups } = this;
    this.commands = {
      ...describeInstances(this.fleet, environment.account),
      ...describeAttachments(this.fleet),
      ...changeInstances(this.fleet, this.lifecycle),
      ...tagCommands(this.fleet, environment),
      ...interfaceCommands(interfaces),
      ...securityGroupCommands(
        groups,
        (id) => interfaces.isUsed(id),
        (id) => interfaces.groupChanged(id),
      ),
      ...addressCommands(this.addresses, interfaces),
      ...attributeCommands(this.fleet, environment),
      ...snapshotCommands(this.snapshots, this.fleet),
      ...networkAclCommands(this.networkAcls),
      ...vpcCommands(),
    };
  }

  /** Adds an instance. @returns its id. @throws ZodError when the spec is wrong. */
  launch(spec: InstanceSpecInput = {}): string {
    const instance = new Ec2Instance(instanceSpecSchema.parse(spec), this.environment);
    this.fleet.add(instance);
    for (const { securityGroups } of instance.interfaces)
      for (const id of securityGroups) this.groups.seed(id, instance.spec.vpcId);
    this.addresses.seed(instance);
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
