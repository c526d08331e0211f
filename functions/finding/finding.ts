import type { Place } from '../place/place';
import { accountSchema, instanceIdSchema, plainNameSchema, regionSchema } from '../shared/identifiers';
import * as z from '../shared/schema';

/** A GuardDuty finding, normalised for the playbooks. `instanceId` and `cidr` are set only if exactly one was found. */
export const findingSchema = z.object({
  findingArn: z.string(),
  /** For example `Backdoor:EC2/C&CActivity.B`. */
  type: z.string(),
  title: z.string(),
  /** 1.0 to 10.0; 7 and more is high (GuardDuty user guide, "Severity levels"). */
  severity: z.number(),
  account: accountSchema,
  region: regionSchema,
  /** When GuardDuty last updated it, ISO 8601: each update is a separate event. */
  updatedAt: z.string(),
  instanceId: z.optional(instanceIdSchema),
  /** Set if it is not an instance, for example a container on one: `EKSCluster`. */
  resourceType: z.optional(plainNameSchema),
  /** Remote addresses, as written in the finding. */
  remoteAddresses: z.array(plainNameSchema),
});
export type Finding = z.output<typeof findingSchema>;

/**
 * What a finding is, for every delivery of it: its ARN. The copies of another account's, its own and its administrator's,
 * may differ in the account of their ARNs, but not in the ID. Pure.
 */
export const keyOfFinding = ({ findingArn }: Finding, place: Place | undefined): string =>
  place ? [place.account, place.region, findingArn.split('/').at(-1)].join('#') : findingArn;
