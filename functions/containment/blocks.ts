import * as z from '../shared/schema';

/** One address or CIDR block of a request. */
export const addressSchema = z.object({ cidr: z.string(), family: z.enum(['IPv4', 'IPv6']) });
export type Address = z.output<typeof addressSchema>;

/** A block in the table: what was added where, and until when. */
export const blockSchema = z.object({
  cidr: z.string(),
  family: z.enum(['IPv4', 'IPv6']),
  incidentId: z.string(),
  since: z.string(),
  until: z.string(),
  /** ADDING: intended, possibly incomplete. ACTIVE: verified. */
  status: z.enum(['ADDING', 'ACTIVE']),
  /** The entry's rule number in both directions of the network ACL, once it is intended. */
  acl: z.optional(z.object({ networkAclId: z.string(), ruleNumber: z.number() })),
  /** The ID of the IP set, once it is intended. */
  ipSet: z.optional(z.object({ id: z.string() })),
});
export type Block = z.output<typeof blockSchema>;

/** The result of adding to one of the two places. */
export const placedSchema = z.object({
  verdict: z.enum(['ADDED', 'NOT_SET_UP']),
  /** Of several ranges, those that this place does not have. */
  missing: z.optional(z.array(z.object({ cidr: z.string(), why: z.string() }))),
});
export type Placed = z.output<typeof placedSchema>;
