import { z } from 'zod';

/** Metrics of an instance that the cloud reports by itself, as `AWS/EC2` names them. */
export const INSTANCE_METRICS = [
  'CPUUtilization',
  'NetworkIn',
  'NetworkOut',
  'StatusCheckFailed',
  'StatusCheckFailed_Instance',
  'StatusCheckFailed_System',
] as const;

const seconds = z.number().nonnegative();
const range = z.tuple([seconds, seconds]);

/** Something that is wrong with an instance, seen in one of its metrics until it heals. */
export const ailmentSchema = z.strictObject({
  metricName: z.enum(INSTANCE_METRICS),
  /** The metric's value while ill; status checks are simply failed. */
  value: z.number().default(97),
  /** Seconds from launch (or from the call of `fallIll`) until it begins. */
  startsAfterSeconds: seconds.default(0),
  /** What ends it. `on-reboot`: any restart. `on-restart`: only a stop and start. `on-stop`: as soon as it stops. */
  heals: z.enum(['on-restart', 'on-reboot', 'on-stop', 'after-seconds', 'never']).default('on-reboot'),
  /** With `after-seconds`: how long it lasts. */
  healsAfterSeconds: seconds.default(600),
});

const volumeSchema = z.strictObject({
  volumeId: z.string().optional(),
  deviceName: z.string().default('/dev/xvda'),
  size: z.number().int().positive().default(8),
  encrypted: z.boolean().default(false),
  /** ARN of the customer managed key the volume is encrypted under. */
  kmsKeyId: z.string().optional(),
  /** Whether EC2 holds a grant for that key; without one the instance does not start. */
  kmsGrant: z.boolean().default(true),
  deleteOnTermination: z.boolean().default(true),
});

const interfaceSchema = z.strictObject({
  networkInterfaceId: z.string().optional(),
  securityGroups: z.array(z.string()).default(['sg-0a1b2c3d4e5f60718']),
  subnetId: z.string().optional(),
  ipv6Address: z.string().optional(),
});

/** An instance to launch; everything left out describes a healthy, opted-in t3.medium. */
export const instanceSpecSchema = z.strictObject({
  instanceId: z
    .string()
    .regex(/^i-[0-9a-f]{8,17}$/, 'must look like i-0123456789abcdef0')
    .optional(),
  instanceType: z.string().default('t3.medium'),
  imageId: z.string().default('ami-0abcdef1234567890'),
  state: z.enum(['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated']).default('running'),
  /** How long ago it was launched, so that its metrics have a past. */
  launchedSecondsAgo: seconds.default(30 * 24 * 3600),
  tags: z.record(z.string(), z.string()).default({ 'incident-playbooks:enabled': 'true' }),
  platform: z.enum(['linux', 'windows']).default('linux'),
  rootDeviceType: z.enum(['ebs', 'instance-store']).default('ebs'),
  /** Number of instance-store data volumes. */
  instanceStoreVolumes: z.number().int().nonnegative().default(0),
  volumes: z.array(volumeSchema).default([volumeSchema.parse({})]),
  spot: z.enum(['one-time', 'persistent']).optional(),
  disableApiStop: z.boolean().default(false),
  disableApiTermination: z.boolean().default(false),
  autoScalingGroupName: z.string().optional(),
  elasticIp: z.boolean().default(true),
  /** Whether it has a public IPv4 address at all. */
  publicIpv4: z.boolean().default(true),
  hibernation: z.boolean().default(false),
  vpcId: z.string().default('vpc-0a1b2c3d4e5f60718'),
  subnetId: z.string().default('subnet-0a1b2c3d4e5f60718'),
  availabilityZone: z.string().optional(),
  networkInterfaces: z
    .array(interfaceSchema)
    .min(1)
    .default([interfaceSchema.parse({})]),
  iamInstanceProfileArn: z.string().optional(),
  instanceInitiatedShutdownBehavior: z.enum(['stop', 'terminate']).default('stop'),
  /** Detailed monitoring: a datapoint a minute instead of one in five minutes. */
  monitoring: z.enum(['enabled', 'disabled']).default('enabled'),
  /** Base level of the load, in percent of CPU and in bytes a minute. */
  load: z
    .strictObject({ cpuPercent: z.number().min(0).max(100).default(25), networkBytes: z.number().default(2_000_000) })
    .prefault({}),
  ailments: z.array(ailmentSchema).default([]),
  /** How long the steps of its life take, drawn from these ranges in seconds. */
  timing: z
    .strictObject({
      pending: range.default([15, 40]),
      stopping: range.default([20, 60]),
      statusChecks: range.default([60, 150]),
      shuttingDown: range.default([20, 45]),
      reboot: range.default([20, 60]),
    })
    .prefault({}),
});

/** An instance as a scenario writes it. */
export type InstanceSpecInput = z.input<typeof instanceSpecSchema>;
/** An instance with all defaults filled in. */
export type InstanceSpec = z.output<typeof instanceSpecSchema>;
export type Ailment = z.output<typeof ailmentSchema>;
export type AilmentInput = z.input<typeof ailmentSchema>;
