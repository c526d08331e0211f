import { snapshotSchema } from '../guard/snapshot';
import * as z from '../shared/schema';

/** A network interface of the instance with its security groups, in EC2's order. */
export const interfaceSchema = z.object({
  networkInterfaceId: z.string(),
  vpcId: z.string(),
  groupIds: z.array(z.string()),
  /** It belongs to an AWS service, and only that service can change it. */
  isManaged: z.optional(z.boolean()),
});
export type Interface = z.output<typeof interfaceSchema>;

export const volumeSchema = z.object({
  volumeId: z.string(),
  deviceName: z.string(),
  deleteOnTermination: z.boolean(),
});
export type Volume = z.output<typeof volumeSchema>;

/** An Elastic IP of one of the interfaces. */
export const addressSchema = z.object({
  allocationId: z.string(),
  associationId: z.string(),
  publicIp: z.string(),
  networkInterfaceId: z.string(),
  privateIp: z.string(),
});
export type Address = z.output<typeof addressSchema>;

export const profileSchema = z.object({ associationId: z.string(), arn: z.string() });

/** The options of the instance metadata service, as EC2 names them, and whether a change of them is in force. */
export const metadataSchema = z.object({
  HttpEndpoint: z.enum(['enabled', 'disabled']),
  HttpTokens: z.optional(z.enum(['optional', 'required'])),
  HttpPutResponseHopLimit: z.optional(z.number()),
  HttpProtocolIpv6: z.optional(z.enum(['enabled', 'disabled'])),
  InstanceMetadataTags: z.optional(z.enum(['enabled', 'disabled'])),
  isApplied: z.boolean(),
});
export type Metadata = z.output<typeof metadataSchema>;

/** Whether every option that is given has its value. */
export const isAs = (now: Metadata, wanted: Partial<Metadata>): boolean =>
  (Object.keys(wanted) as (keyof Metadata)[]).every((option) => now[option] === wanted[option]);

/** Everything about an instance that isolation changes, at one moment. */
export const environmentSchema = z.object({
  instance: snapshotSchema,
  /** Undefined for an instance that is not opted in: the role may not read it. */
  terminationProtected: z.optional(z.boolean()),
  interfaces: z.array(interfaceSchema),
  volumes: z.array(volumeSchema),
  addresses: z.array(addressSchema),
  profile: z.optional(profileSchema),
  /** Missing from executions of earlier releases. */
  metadata: z.optional(metadataSchema),
});
export type Environment = z.output<typeof environmentSchema>;
