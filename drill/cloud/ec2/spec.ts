import { z } from 'zod';

/** Metrics of an instance that the cloud reports by itself, as `AWS/EC2` names them. */
export const INSTANCE_METRICS = [
  'CPUUtilization',
  'NetworkIn',
  'NetworkOut',
  'StatusCheckFailed',
  'StatusCheckFailed_Instance',
  'StatusCheckFailed_System',
  'StatusCheckFailed_AttachedEBS',
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
  value: z.number().default(97).describe("The metric's value during the symptom; status checks simply fail."),
  startsAfterSeconds: seconds.default(0).describe('Seconds from launch until it starts.'),
  heals: z
    .enum(['on-restart', 'on-reboot', 'on-stop', 'after-seconds', 'never'])
    .default('on-reboot')
    .describe(
      'What ends it. `on-reboot`: any restart. `on-restart`: only a stop and start. `on-stop`: as soon as it stops.',
    ),
  healsAfterSeconds: seconds.default(600).describe('With `after-seconds`: its duration.'),
});

const volumeSchema = z.strictObject({
  volumeId: z.string().optional().describe('Its ID; by default drawn from the seed.'),
  deviceName: z.string().default('/dev/xvda').describe('Its device name.'),
  size: z.number().int().positive().default(8).describe('GiB.'),
  volumeType: z
    .enum(['gp2', 'gp3', 'io1', 'io2', 'st1', 'sc1', 'standard'])
    .default('gp3')
    .describe('Its type; `st1` and `sc1` take one snapshot at a time, the others five.'),
  othersSnapshotSeconds: seconds
    .default(0)
    .describe('How long a snapshot of it still takes that somebody else has begun, for example AWS Backup.'),
  encrypted: z.boolean().default(false).describe('Whether it is encrypted.'),
  kmsKeyId: z.string().optional().describe('ARN of the customer managed key that encrypts the volume.'),
  kmsGrant: z
    .boolean()
    .default(true)
    .describe('Whether EC2 has a grant for that key; without one the instance does not start.'),
  deleteOnTermination: z
    .boolean()
    .optional()
    .describe('Whether it is deleted with the instance; by default the first, the root volume, alone is.'),
});

const interfaceSchema = z.strictObject({
  networkInterfaceId: z.string().optional().describe('Its ID; by default drawn from the seed.'),
  securityGroups: z.array(z.string()).default(['sg-0a1b2c3d4e5f60718']).describe('Its security groups.'),
  subnetId: z.string().optional().describe('Its subnet; by default the instance’s.'),
  ipv6Address: z.string().optional().describe('Its IPv6 address, if it has one.'),
  requesterManaged: z.boolean().default(false).describe('Whether a service of AWS owns it: nobody else can change it.'),
});

/** An instance to launch; everything left out describes a healthy, opted-in t3.medium. */
export const instanceSpecSchema = z.strictObject({
  instanceId: z
    .string()
    .regex(/^i-[0-9a-f]{8,17}$/, 'must look like i-0123456789abcdef0')
    .optional()
    .describe('Its ID; by default drawn from the seed.'),
  instanceType: z.string().default('t3.medium').describe('Its type.'),
  imageId: z.string().default('ami-0abcdef1234567890').describe('Its AMI.'),
  state: z
    .enum(['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'])
    .default('running')
    .describe('Its initial state.'),
  launchedSecondsAgo: seconds
    .default(30 * 24 * 3600)
    .describe('How long ago it was launched, which gives its metrics a history.'),
  tags: z
    .record(z.string(), z.string())
    .default({ 'incident-playbooks:enabled': 'true' })
    .describe('Its tags, instead of only the opt-in tag.'),
  platform: z.enum(['linux', 'windows']).default('linux').describe('The family of its operating system.'),
  rootDeviceType: z
    .enum(['ebs', 'instance-store'])
    .default('ebs')
    .describe('An instance with an instance store root volume cannot be stopped.'),
  instanceStoreVolumes: z.number().int().nonnegative().default(0).describe('Number of instance store data volumes.'),
  volumes: z
    .array(volumeSchema)
    .default([volumeSchema.parse({})])
    .describe('Its EBS volumes; by default one of 8 GiB.'),
  spot: z.enum(['one-time', 'persistent']).optional().describe('The kind of Spot request, if it is a Spot instance.'),
  startMeets: z
    .enum(['full-host', 'used-up-reservation', 'vcpu-quota', 'ended-subscription'])
    .optional()
    .describe(
      'What a start of it meets: a Dedicated Host without room, a used-up Capacity Reservation, the vCPU quota, or an AWS Marketplace subscription that has ended.',
    ),
  disableApiStop: z.boolean().default(false).describe('Stop protection.'),
  disableApiTermination: z.boolean().default(false).describe('Termination protection.'),
  autoScalingGroupName: z.string().optional().describe('Its Auto Scaling group.'),
  elasticIp: z
    .boolean()
    .default(true)
    .describe('Whether its public address is an Elastic IP, which a stop does not change.'),
  publicIpv4: z.boolean().default(true).describe('Whether it has a public IPv4 address.'),
  hibernation: z.boolean().default(false).describe('Whether it was launched with hibernation.'),
  vpcId: z.string().default('vpc-0a1b2c3d4e5f60718').describe('Its VPC.'),
  subnetId: z.string().default('subnet-0a1b2c3d4e5f60718').describe('Its subnet.'),
  availabilityZone: z.string().optional().describe('Its Availability Zone; by default the first of the region.'),
  networkInterfaces: z
    .array(interfaceSchema)
    .min(1)
    .default([interfaceSchema.parse({})])
    .describe('Its network interfaces, the primary one first.'),
  iamInstanceProfileArn: z.string().optional().describe('Its instance profile, if it has one.'),
  instanceInitiatedShutdownBehavior: z
    .enum(['stop', 'terminate'])
    .default('stop')
    .describe('What a shutdown from the guest does.'),
  metadataOptions: z
    .strictObject({
      httpEndpoint: z.enum(['enabled', 'disabled']).default('enabled').describe('Whether the service is on.'),
      httpTokens: z.enum(['optional', 'required']).default('required').describe('Whether a session token is required.'),
      httpPutResponseHopLimit: z.number().int().min(1).max(64).default(2).describe('How many hops a token may take.'),
      httpProtocolIpv6: z.enum(['enabled', 'disabled']).default('disabled').describe('Whether it answers over IPv6.'),
      instanceMetadataTags: z.enum(['enabled', 'disabled']).default('disabled').describe('Whether it tells the tags.'),
    })
    .prefault({})
    .describe('The options of its instance metadata service.'),
  plannedEvents: z
    .array(
      z.strictObject({
        code: z
          .enum(['instance-reboot', 'system-reboot', 'system-maintenance', 'instance-retirement', 'instance-stop'])
          .describe('What EC2 has planned.'),
        notBeforeHours: z.number().default(240).describe('Hours from launch before which it does not begin.'),
        description: z
          .string()
          .default('The instance is running on degraded hardware')
          .describe('EC2’s words; `[Completed]` or `[Canceled]` at their beginning for what is over.'),
      }),
    )
    .default([])
    .describe('Work on it or its host that EC2 has planned; a stop and start moves it to another host.'),
  tenancy: z
    .enum(['default', 'host'])
    .default('default')
    .describe('`host`: it runs on a Dedicated Host. T3 takes no `unlimited` CPU credits there.'),
  cpuCredits: z
    .enum(['standard', 'unlimited'])
    .optional()
    .describe(
      'The credit option of a burstable type; by default `unlimited`, for T2 and on a Dedicated Host `standard`.',
    ),
  monitoring: z
    .enum(['enabled', 'disabled'])
    .default('enabled')
    .describe('Detailed monitoring: a datapoint every minute instead of every five minutes.'),
  load: z
    .strictObject({
      cpuPercent: z.number().min(0).max(100).default(25).describe('CPUUtilization on average.'),
      networkBytes: z.number().default(2_000_000).describe('NetworkIn and NetworkOut on average, in bytes per minute.'),
    })
    .prefault({})
    .describe('Its normal load.'),
  symptoms: z
    .array(symptomSchema)
    .default([])
    .describe('What is wrong with it: each shows in a metric from a given time, until something fixes it.'),
  timing: z
    .strictObject({
      pending: range.optional().describe('From the start to running: 15 to 40; bare metal: 1200 to 1800.'),
      stopping: range.optional().describe('From the stop to stopped: 20 to 60; bare metal: 600 to 1200.'),
      statusChecks: range
        .optional()
        .describe('From running to passing status checks: 60 to 150; bare metal: 300 to 1200.'),
      shuttingDown: range.optional().describe('From the termination to terminated: 20 to 45; bare metal: 600 to 900.'),
      reboot: range.optional().describe('Duration of a reboot: 20 to 60; bare metal: 600 to 1200.'),
    })
    .prefault({})
    .describe('How long its state changes take, drawn from these ranges in seconds; by default those of its type.'),
});

/** An instance as a scenario writes it. */
export type InstanceSpecInput = z.input<typeof instanceSpecSchema>;
/** An instance with all defaults filled in. */
export type InstanceSpec = z.output<typeof instanceSpecSchema>;
export type Symptom = z.output<typeof symptomSchema>;
export type SymptomInput = z.input<typeof symptomSchema>;
