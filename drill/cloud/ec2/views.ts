import type {
  Instance,
  InstanceMetadataOptionsResponse,
  InstanceState,
  InstanceStatus,
  InstanceStatusEvent,
  Tag,
} from '@aws-sdk/client-ec2';
import type { Ec2Instance, StatusCheck } from './instance';
import { factsOf } from './types';

const STATE_CODES = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
} as const;

/** A state as EC2 answers it, with its code. */
export function stateView(name: keyof typeof STATE_CODES): InstanceState {
  return { Code: STATE_CODES[name], Name: name };
}

export function tagsView(tags: ReadonlyMap<string, string>): Tag[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

/** How long a change of metadata options is pending. Source: EC2 API reference, InstanceMetadataOptionsResponse, State. */
const pendingMs = 4_000;

/** The options of an instance's metadata service, as DescribeInstances and ModifyInstanceMetadataOptions answer them. */
export function metadataView({ spec, metadataChangedAt }: Ec2Instance): InstanceMetadataOptionsResponse {
  const { httpEndpoint, httpTokens, httpPutResponseHopLimit, httpProtocolIpv6, instanceMetadataTags } =
    spec.metadataOptions;
  return {
    State: Date.now() - metadataChangedAt < pendingMs ? 'pending' : 'applied',
    HttpEndpoint: httpEndpoint,
    HttpTokens: httpTokens,
    HttpPutResponseHopLimit: httpPutResponseHopLimit,
    HttpProtocolIpv6: httpProtocolIpv6,
    InstanceMetadataTags: instanceMetadataTags,
  };
}

/** An instance as DescribeInstances answers it. */
export function instanceView(instance: Ec2Instance, account: string): Instance {
  const { spec } = instance;
  const life = instance.seen();
  // Source: EC2 user guide, "Terminate instances": its volumes and interfaces are detached or deleted.
  const isGone = life.state === 'terminated';
  const interfaces = isGone ? [] : instance.interfaces;
  const { deleteOnTermination } = instance.attributesSeen();
  const root = spec.platform === 'windows' ? '/dev/sda1' : '/dev/xvda';
  const groups = (ids: readonly string[]) => ids.map((GroupId) => ({ GroupId, GroupName: GroupId }));
  const publicly = life.publicIp
    ? { PublicIp: life.publicIp, IpOwnerId: instance.hasElasticIp ? account : 'amazon' }
    : undefined;
  return {
    InstanceId: instance.id,
    ImageId: spec.imageId,
    InstanceType: spec.instanceType as Instance['InstanceType'],
    State: stateView(life.state),
    StateTransitionReason: life.transitionReason,
    ...(life.stateReason && { StateReason: life.stateReason }),
    LaunchTime: new Date(life.launchTime),
    Placement: {
      AvailabilityZone: instance.availabilityZone,
      Tenancy: spec.startMeets === 'full-host' ? 'host' : spec.tenancy,
    },
    Monitoring: { State: spec.monitoring },
    ...(spec.platform === 'windows' && { Platform: 'Windows' }),
    ...(spec.spot && { InstanceLifecycle: 'spot', SpotInstanceRequestId: instance.spotRequestId }),
    ...(!isGone && {
      VpcId: spec.vpcId,
      SubnetId: spec.subnetId,
      PrivateIpAddress: instance.privateIp,
    }),
    ...(publicly && { PublicIpAddress: publicly.PublicIp }),
    RootDeviceName: root,
    RootDeviceType: spec.rootDeviceType,
    HibernationOptions: { Configured: spec.hibernation },
    MetadataOptions: metadataView(instance),
    ...(spec.iamInstanceProfileArn && { IamInstanceProfile: { Arn: spec.iamInstanceProfileArn, Id: 'AIPAEXAMPLE' } }),
    SecurityGroups: groups(interfaces[0]?.securityGroups ?? []),
    BlockDeviceMappings: (isGone ? [] : instance.volumes).map((volume) => ({
      DeviceName: volume.deviceName,
      Ebs: {
        VolumeId: volume.volumeId,
        Status: 'attached',
        DeleteOnTermination: deleteOnTermination.get(volume.volumeId),
      },
    })),
    NetworkInterfaces: interfaces.map((item, index) => ({
      NetworkInterfaceId: item.networkInterfaceId,
      SubnetId: item.subnetId,
      VpcId: spec.vpcId,
      Status: 'in-use',
      Groups: groups(item.securityGroups),
      Attachment: { DeviceIndex: index, Status: 'attached', DeleteOnTermination: index === 0 },
      Ipv6Addresses: item.ipv6Address ? [{ Ipv6Address: item.ipv6Address }] : [],
      ...(index === 0 && { PrivateIpAddress: instance.privateIp, ...(publicly && { Association: publicly }) }),
    })),
    Tags: tagsView(instance.tagsSeen()),
  };
}

/**
 * Work that EC2 has planned; what a stop and start has ended is listed as completed for a week.
 * Source: EC2 API reference, InstanceStatusEvent; EC2 user guide, "Scheduled events for your instances".
 */
function plannedView(instance: Ec2Instance): InstanceStatusEvent[] {
  const movedAt = instance.movedAt;
  if (movedAt !== undefined && Date.now() - movedAt > weekMs) return [];
  return instance.spec.plannedEvents.map(({ code, notBeforeHours, description }, index) => ({
    InstanceEventId: `instance-event-${instance.id.slice(2)}${index}`,
    Code: code,
    Description: movedAt === undefined ? description : `[Completed] ${description}`,
    NotBefore: new Date(instance.createdAt + notBeforeHours * 3_600_000),
  }));
}

const weekMs = 7 * 86_400_000;

/** An instance as DescribeInstanceStatus answers it. */
export function statusView(instance: Ec2Instance): InstanceStatus {
  const state = instance.seen().state;
  const { isNitro } = factsOf(instance.spec.instanceType);
  const check = (name: StatusCheck) => {
    const Status = state === 'running' ? instance.statusCheck(name, Date.now()) : 'not-applicable';
    const detail = ({ ok: 'passed', impaired: 'failed', initializing: 'initializing' } as const)[Status as string];
    return { Status, ...(detail && { Details: [{ Name: 'reachability' as const, Status: detail }] }) };
  };
  return {
    InstanceId: instance.id,
    AvailabilityZone: instance.availabilityZone,
    InstanceState: stateView(state),
    InstanceStatus: check('Instance'),
    SystemStatus: check('System'),
    ...(isNitro && { AttachedEbsStatus: check('AttachedEBS') }),
    Events: plannedView(instance),
  };
}
