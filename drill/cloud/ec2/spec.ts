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
export const symptomSchema = z.strictObject({
  metricName: z
    .enum(INSTANCE_METRICS)
    .describe(
      'In which metric it shows: those that the simulated cloud reports of an instance. Others are given by `series`.',
    ),
  value: z.number().default(97).describe("The metric's value while ill; status checks are simply failed."),
  startsAfterSeconds: seconds
    .default(0)
    .describe('Seconds from launch (or from the call of `fallIll`) until it begins.'),
  heals: z
    .enum(['on-restart', 'on-reboot', 'on-stop', 'after-seconds', 'never'])
    .default('on-reboot')
    .describe(
      'What ends it. `on-reboot`: any restart. `on-restart`: only a stop and start. `on-stop`: as soon as it stops.',
    ),
  healsAfterSeconds: seconds.default(600).describe('With `after-seconds`: how long it lasts.'),
});

const volumeSchema = z.strictObject({
  volumeId: z.string().optional().describe('Its id; drawn from the seed unless given.'),
  deviceName: z.string().default('/dev/xvda').describe('Where it is attached.'),
  size: z.number().int().positive().default(8).describe('GiB.'),
  encrypted: z.boolean().default(false).describe('Whether it is encrypted.'),
  kmsKeyId: z.string().optional().describe('ARN of the customer managed key the volume is encrypted under.'),
  kmsGrant: z
    .boolean()
    .default(true)
    .describe('Whether EC2 holds a grant for that key; without one the instance does not start.'),
  deleteOnTermination: z.boolean().default(true).describe('Whether it goes with the instance.'),
});

const interfaceSchema = z.strictObject({
  networkInterfaceId: z.string().optional().describe('Its id; drawn from the seed unless given.'),
  securityGroups: z.array(z.string()).default(['sg-0a1b2c3d4e5f60718']).describe('Its security groups.'),
  subnetId: z.string().optional().describe('Its subnet; that of the instance unless given.'),
  ipv6Address: z.string().optional().describe('Its IPv6 address, if it has one.'),
  requesterManaged: z.boolean().default(false).describe('Whether a service of AWS owns it: nobody else can change it.'),
});

/** An instance to launch; everything left out describes a healthy, opted-in t3.medium. */
export const instanceSpecSchema = z.strictObject({
  instanceId: z
    .string()
    .regex(/^i-[0-9a-f]{8,17}$/, 'must look like i-0123456789abcdef0')
    .optional()
    .describe('Its id; drawn from the seed unless given.'),
  instanceType: z.string().default('t3.medium').describe('Its type.'),
  imageId: z.string().default('ami-0abcdef1234567890').describe('The image that it was launched from.'),
  state: z
    .enum(['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'])
    .default('running')
    .describe('Its state at the beginning.'),
  launchedSecondsAgo: seconds
    .default(30 * 24 * 3600)
    .describe('How long ago it was launched, so that its metrics have a past.'),
  tags: z
    .record(z.string(), z.string())
    .default({ 'incident-playbooks:enabled': 'true' })
    .describe('Its tags, in place of the opt-in alone.'),
  platform: z.enum(['linux', 'windows']).default('linux').describe('The family of its operating system.'),
  rootDeviceType: z
    .enum(['ebs', 'instance-store'])
    .default('ebs')
    .describe('An instance-store root cannot be stopped.'),
  instanceStoreVolumes: z.number().int().nonnegative().default(0).describe('Number of instance-store data volumes.'),
  volumes: z
    .array(volumeSchema)
    .default([volumeSchema.parse({})])
    .describe('Its EBS volumes; one of 8 GiB unless given.'),
  spot: z.enum(['one-time', 'persistent']).optional().describe('The kind of Spot request, if it is a Spot instance.'),
  disableApiStop: z.boolean().default(false).describe('Stop protection.'),
  disableApiTermination: z.boolean().default(false).describe('Termination protection.'),
  autoScalingGroupName: z.string().optional().describe('The Auto Scaling group that it is a member of.'),
  elasticIp: z
    .boolean()
    .default(true)
    .describe('Whether its public address is an Elastic IP, which a stop does not change.'),
  publicIpv4: z.boolean().default(true).describe('Whether it has a public IPv4 address at all.'),
  hibernation: z.boolean().default(false).describe('Whether it was launched with hibernation.'),
  vpcId: z.string().default('vpc-0a1b2c3d4e5f60718').describe('Its VPC.'),
  subnetId: z.string().default('subnet-0a1b2c3d4e5f60718').describe('Its subnet.'),
  availabilityZone: z.string().optional().describe('Its zone; the first of the region unless given.'),
  networkInterfaces: z
    .array(interfaceSchema)
    .min(1)
    .default([interfaceSchema.parse({})])
    .describe('Its network interfaces, the primary one first.'),
  iamInstanceProfileArn: z.string().optional().describe('Its instance profile, if it has one.'),
  instanceInitiatedShutdownBehavior: z
    .enum(['stop', 'terminate'])
    .default('stop')
    .describe('What a shutdown from within does.'),
  monitoring: z
    .enum(['enabled', 'disabled'])
    .default('enabled')
    .describe('Detailed monitoring: a datapoint a minute instead of one in five minutes.'),
  load: z
    .strictObject({
      cpuPercent: z.number().min(0).max(100).default(25).describe('CPUUtilization on average.'),
      networkBytes: z.number().default(2_000_000).describe('NetworkIn and NetworkOut on average, bytes a minute.'),
    })
    .prefault({})
    .describe('What it does when it is well.'),
  symptoms: z
    .array(symptomSchema)
    .default([])
    .describe('What is wrong with it: each shows in a metric, from a time on, until something heals it.'),
  timing: z
    .strictObject({
      pending: range.default([15, 40]).describe('From the start to running.'),
      stopping: range.default([20, 60]).describe('From the stop to stopped.'),
      statusChecks: range.default([60, 150]).describe('From running to status checks that pass.'),
      shuttingDown: range.default([20, 45]).describe('From the termination to terminated.'),
      reboot: range.default([20, 60]).describe('How long a reboot takes.'),
    })
    .prefault({})
    .describe('How long the steps of its life take, drawn from these ranges in seconds.'),
});

/** An instance as a scenario writes it. */
export type InstanceSpecInput = z.input<typeof instanceSpecSchema>;
/** An instance with all defaults filled in. */
export type InstanceSpec = z.output<typeof instanceSpecSchema>;
export type Symptom = z.output<typeof symptomSchema>;
export type SymptomInput = z.input<typeof symptomSchema>;
