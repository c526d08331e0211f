/** What the hub may do in a spoke account, by the role that it takes on there. */
export const capabilities = ['read', 'power', 'contain', 'patch', 'alarms'] as const;
export type Capability = (typeof capabilities)[number];

/** Capabilities that change one instance, and whose sessions must name it. */
const ofOneInstance: readonly Capability[] = ['power', 'contain', 'patch'];

/** Whether a session with the capability may exist only for one instance. */
export const needsInstance = (capability: Capability): boolean => ofOneInstance.includes(capability);

/** The name of the role in a spoke account, the same in all regions. */
export const spokeRoleName = (stage: string, capability: Capability): string =>
  `incident-playbooks-${stage}-spoke-${capability}`;

/**
 * The name of the profile, and of its role that allows nothing, which an isolated instance of a spoke account gets. It does
 * not begin with service and stage: steps may pass no role that does.
 */
export const spokeQuarantineName = (stage: string): string => `quarantine-incident-playbooks-${stage}`;
