import * as z from '../shared/schema';

/** One block as it stands in the table: what was put where, and until when. */
export const blockSchema = z.object({
  cidr: z.string(),
  family: z.enum(['IPv4', 'IPv6']),
  incidentId: z.string(),
  since: z.string(),
  until: z.string(),
  /** ADDING: intended, perhaps half there. ACTIVE: verified. */
  status: z.enum(['ADDING', 'ACTIVE']),
  /** The entry's number in both directions of the network ACL, once it is intended. */
  acl: z.optional(z.object({ networkAclId: z.string(), ruleNumber: z.number() })),
  /** The id of the IP set, once it is intended. */
  ipSet: z.optional(z.object({ id: z.string() })),
});
export type Block = z.output<typeof blockSchema>;

/** What adding to one of the two places came to. */
export const placedSchema = z.object({ verdict: z.enum(['ADDED', 'NOT_SET_UP']) });
