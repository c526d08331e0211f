import type { Environment } from '../environment';
import { serviceError, UnmodelledInputError } from '../errors';
import type { IamModel } from '../iam/model';
import type { ServiceModel } from '../service';
import { addressCommands, ElasticIps } from './addresses';
import { attributeCommands } from './attributes';
import { changeInstances } from './change-instances';
import { Consistency } from './consistency';
import { consoleCommands } from './console';
import { describeAttachments } from './describe-attachments';
import { describeInstances } from './describe-instances';
import { Fleet } from './fleet';
import { Flows } from './flows';
import { Ec2Instance } from './instance';
import { Interfaces, interfaceCommands } from './interfaces';
import { Ec2Conditions, Lifecycle } from './lifecycle';
import { type Network, networkCommands, newNetwork } from './network';
import { NetworkAcls, networkAclCommands } from './network-acls';
import { SecurityGroups, securityGroupCommands } from './security-groups';
import { snapshotLockCommands } from './snapshot-locks';
import { snapshotShareCommands } from './snapshot-shares';
import { Snapshots, snapshotCommands } from './snapshots';
import { type InstanceSpecInput, instanceSpecSchema } from './spec';
import { type Taggable, tagCommands } from './tags';
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
  readonly flows = new Flows();
  readonly networkAcls: NetworkAcls;
  readonly network: Network;
  private readonly fleet = new Fleet();

  constructor(
    private readonly environment: Environment,
    private readonly profiles: Pick<IamModel, 'seed' | 'isKnown'>,
  ) {
    this.lifecycle = new Lifecycle(environment, this.conditions);
    this.groups = new SecurityGroups(environment, this.consistency);
    this.interfaces = new Interfaces(this.fleet, this.groups, this.flows);
    this.networkAcls = new NetworkAcls(this.flows, this.consistency);
    this.snapshots = new Snapshots(environment, this.consistency);
    this.network = newNetwork(environment.region);
    const { interfaces, groups } = this;
    this.commands = {
      ...describeInstances(this.fleet, environment.account),
      ...describeAttachments(this.fleet, environment),
      ...changeInstances(this.fleet, this.lifecycle),
      ...tagCommands((id) => this.taggable(id), environment),
      ...interfaceCommands(interfaces),
      ...securityGroupCommands(
        groups,
        (id) => interfaces.isUsed(id),
        (id) => interfaces.groupChanged(id),
      ),
      ...addressCommands(this.addresses, interfaces, environment),
      ...attributeCommands(this.fleet, environment, this.consistency, (arn) => profiles.isKnown(arn)),
      ...snapshotCommands(this.snapshots, this.fleet, environment),
      ...snapshotLockCommands(this.snapshots),
      ...snapshotShareCommands(this.snapshots),
      ...consoleCommands(this.fleet),
      ...networkAclCommands(this.networkAcls),
      ...vpcCommands(),
      ...networkCommands(this.network),
    };
  }

  /** Adds an instance. @returns its id. @throws ZodError when the spec is wrong. */
  launch(spec: InstanceSpecInput = {}): string {
    const instance = new Ec2Instance(instanceSpecSchema.parse(spec), this.environment, this.consistency);
    this.fleet.add(instance);
    for (const { securityGroups } of instance.interfaces)
      for (const id of securityGroups) this.groups.seed(id, instance.spec.vpcId);
    this.addresses.seed(instance);
    if (instance.spec.iamInstanceProfileArn) this.profiles.seed(instance.spec.iamInstanceProfileArn);
    if (instance.spec.autoScalingGroupName)
      instance.setTag('aws:autoscaling:groupName', instance.spec.autoScalingGroupName);
    this.lifecycle.resume(instance);
    return instance.id;
  }

  /** The instance of an id, if there ever was one. */
  find(id: string): Ec2Instance | undefined {
    return this.fleet.find(id);
  }

  /** What a resource of that ID has for tags. @throws InvalidID, or the NotFound code of its kind */
  private taggable(id: string): Taggable {
    if (id.startsWith('i-')) return this.fleet.require([id])[0]!;
    if (id.startsWith('sg-')) return this.groups.requireSeen(id);
    if (id.startsWith('snap-')) return this.snapshots.require(id);
    if (id.startsWith('eni-')) return { id, tags: this.interfaces.require(id).item.tags };
    const volume = this.instances()
      .flatMap(({ volumes }) => volumes)
      .find(({ volumeId }) => volumeId === id);
    if (volume) return { id, tags: volume.tags };
    if (id.startsWith('vol-'))
      throw serviceError('ec2', 'InvalidVolume.NotFound', `The volume '${id}' does not exist.`);
    throw new UnmodelledInputError(`The simulated EC2 does not tag '${id}'.`);
  }

  /** All instances that EC2 still shows. */
  instances(): Ec2Instance[] {
    return this.fleet.visible();
  }
}
