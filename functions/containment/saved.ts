import * as z from '../shared/schema';
import { addressSchema, interfaceSchema, metadataSchema, profileSchema, volumeSchema } from './environment';

/**
 * The state saved before each kind of change, in the order in which isolation makes the changes;
 * a release goes through them in reverse.
 */
export const beforeSchemas = {
  tag: z.object({ value: z.optional(z.string()) }),
  'scale-in': z.object({ group: z.string(), isProtected: z.boolean() }),
  volumes: z.object({ volumes: z.array(volumeSchema) }),
  'termination-protection': z.object({ enabled: z.boolean() }),
  service: z.looseObject({}),
  groups: z.object({ vpcIds: z.array(z.string()) }),
  interface: interfaceSchema,
  address: addressSchema,
  profile: profileSchema,
  metadata: metadataSchema,
  sessions: z.object({ roleName: z.string(), policyName: z.string() }),
} as const;

export type Kind = keyof typeof beforeSchemas;
export const kinds = Object.keys(beforeSchemas) as Kind[];
export type Before<K extends Kind> = z.output<(typeof beforeSchemas)[K]>;

/** The key of a change in the incident's timeline. */
export function changeKey(kind: Kind, id = ''): string {
  return id ? `changed#${kind}#${id}` : `changed#${kind}`;
}

export const changeSchema = z.object({ kind: z.enum(kinds as [Kind, ...Kind[]]), id: z.string() });
/** A change that isolation made or started: `id` names the interface or address if there may be several. */
export type Change = z.output<typeof changeSchema>;

/** The change of a timeline key, or undefined for other entries. */
export function changeOf(key: string): Change | undefined {
  const [head, kind, id = ''] = key.split('#');
  return head === 'changed' && kinds.includes(kind as Kind) ? { kind: kind as Kind, id } : undefined;
}

/** The tags of an isolation's security groups, used to find them; roles are limited to groups with them. */
export const quarantineGroupTag = 'incident-playbooks:quarantine-group';
export const groupNames = (incidentId: string) => ({
  open: `quarantine-${incidentId}-open`,
  closed: `quarantine-${incidentId}-closed`,
});

/** The tag of snapshots and groups with the incident that created them. */
export const incidentTag = 'incident-playbooks:incident';

/** The tag of snapshots and alarms with the instance they belong to. */
export const instanceTag = 'incident-playbooks:instance';

/** The inline policy that revokes a role's sessions. */
export const revocationPolicyName = (incidentId: string) => `incident-playbooks-revoke-${incidentId}`;
