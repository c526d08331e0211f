import type { Instance } from '@aws-sdk/client-ec2';
import { instanceIdSchema } from '../shared/identifiers';
import * as z from '../shared/schema';
import { toTags } from './tags';

export const stateSchema = z.enum(['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped']);

/** What the playbooks need to know about an instance, at one moment. */
export const snapshotSchema = z.object({
  instanceId: instanceIdSchema,
  state: stateSchema,
  stateReason: z.optional(z.string()),
  /** When it was last started: a different time than before shows that a start took effect. */
  launchedAt: z.optional(z.string()),
  tags: z.record(z.string(), z.string()),
  rootDeviceType: z.enum(['ebs', 'instance-store']),
  instanceType: z.string(),
  availabilityZone: z.optional(z.string()),
  isSpot: z.boolean(),
  spotRequestId: z.optional(z.string()),
  volumeIds: z.array(z.string()),
  publicIp: z.optional(z.string()),
  hasElasticIp: z.boolean(),
  autoScalingGroup: z.optional(z.string()),
  hibernation: z.boolean(),
});
export type Snapshot = z.output<typeof snapshotSchema>;

/** Both status checks of an instance: `ok`, `impaired`, `initializing`, `insufficient-data`, `not-applicable`. */
export interface StatusChecks {
  system: string;
  instance: string;
}

/** Facts that decide whether a stopped instance will start again. */
export const returnFactsSchema = z.object({
  hasInstanceStore: z.boolean(),
  stopProtected: z.boolean(),
  spotType: z.optional(z.string()),
  /** The limits of its Auto Scaling group that apply to Standby. */
  scaling: z.optional(z.object({ group: z.string(), lifecycle: z.string(), minimum: z.number(), desired: z.number() })),
  /** Customer managed keys of its volumes that are not enabled, so EC2 could not decrypt them. */
  unusableKeys: z.array(z.string()),
  customerKeys: z.array(z.string()),
});
export type ReturnFacts = z.output<typeof returnFactsSchema>;

/** EC2 sets this tag on every member of an Auto Scaling group (Auto Scaling user guide, "Tag lifecycle"). */
const groupTag = 'aws:autoscaling:groupName';

/** Converts an instance from DescribeInstances to a snapshot. */
export function toSnapshot(instance: Instance): Snapshot {
  const tags = toTags(instance.Tags);
  const publicIp = instance.PublicIpAddress;
  const associations = (instance.NetworkInterfaces ?? []).flatMap(({ Association }) => Association ?? []);
  const group = tags[groupTag];
  return {
    instanceId: instance.InstanceId!,
    state: (instance.State?.Name ?? 'pending') as Snapshot['state'],
    ...(instance.StateReason?.Message ? { stateReason: instance.StateReason.Message } : {}),
    ...(instance.LaunchTime ? { launchedAt: instance.LaunchTime.toISOString() } : {}),
    tags,
    rootDeviceType: instance.RootDeviceType === 'instance-store' ? 'instance-store' : 'ebs',
    instanceType: instance.InstanceType ?? 'unknown',
    ...(instance.Placement?.AvailabilityZone ? { availabilityZone: instance.Placement.AvailabilityZone } : {}),
    isSpot: instance.InstanceLifecycle === 'spot',
    ...(instance.SpotInstanceRequestId ? { spotRequestId: instance.SpotInstanceRequestId } : {}),
    volumeIds: (instance.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.VolumeId ?? []),
    ...(publicIp ? { publicIp } : {}),
    // An Elastic IP belongs to an account; an address from EC2's own pool belongs to "amazon".
    hasElasticIp: associations.some(({ IpOwnerId }) => IpOwnerId !== undefined && IpOwnerId !== 'amazon'),
    ...(group ? { autoScalingGroup: group } : {}),
    hibernation: instance.HibernationOptions?.Configured ?? false,
  };
}
