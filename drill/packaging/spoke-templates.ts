import { eventsTemplate } from '../../packaging/spoke/events-template';
import { rolesTemplate } from '../../packaging/spoke/roles-template';
import type { HubTemplate } from '../../packaging/spoke/statements';
import { type PackagingOptions, packageStage } from './package-stage';

/** What a spoke's template has as the defaults of its parameters; empty for none. */
export interface SpokeDefaults {
  organizationId: string;
  externalId: string;
}

/** Accounts are in no spoke's template, so any will do to package a hub that has some. */
export const anySpokes = {
  spokeAccounts: '000000000000',
  organizationId: 'o-0000000000',
  spokeExternalId: '0000000000000000',
} as const;

/**
 * The two CloudFormation templates of a stage's spokes, from the IAM that stands beside the code.
 * @throws PackagingError, SpokeRoleError, TrustPolicyError, SpokeStatementError
 */
export async function spokeTemplates(
  stage: string,
  { organizationId, externalId }: SpokeDefaults,
  options: Pick<PackagingOptions, 'onPackaging' | 'root'> = {},
): Promise<{ roles: object; events: object }> {
  const template = (await packageStage(stage, { ...options, params: anySpokes })) as HubTemplate;
  const hub = { stage, template, organizationId, externalId };
  return { roles: rolesTemplate(hub), events: eventsTemplate(hub) };
}
