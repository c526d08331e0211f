import { eventsTemplate } from '../../packaging/spoke/events-template';
import { rolesTemplate } from '../../packaging/spoke/roles-template';
import type { HubTemplate } from '../../packaging/spoke/statements';
import type { Place } from '../cloud/accounts';
import { policySchema, trustSchema } from '../cloud/iam/policy';
import type { Role } from '../cloud/sts/roles';
import { account as hub } from './place';
import { resolveTemplate } from './resolve';
import { type StackResource, type Template, templateSchema } from './template';

/** The organisation that hub and spokes are in, and what they agreed on: drills of several accounts are packaged with these. */
export const organizationId = 'o-drill12345';
export const externalId = 'drill-external-id';

/** What the two templates of a spoke deploy in an account: roles of the capabilities, profiles, and the rules that forward. */
export function spokeResources(stage: string, template: Template, { account, region }: Place): StackResource[] {
  const of = { stage, template: template as unknown as HubTemplate, organizationId, externalId };
  const parameters = { HubAccountId: hub, OrganizationId: organizationId, ExternalId: externalId };
  return [rolesTemplate(of), eventsTemplate(of)].flatMap((one) => {
    const place = { account, region, stackName: `incident-playbooks-${stage}-spoke`, parameters };
    return [...resolveTemplate(templateSchema.parse(one), place).values()];
  });
}

interface Written {
  AssumeRolePolicyDocument: unknown;
  Policies?: { PolicyDocument: { Statement: unknown[] } }[];
}

/** The roles among them that the hub may take on, and what they say. */
export function rolesIn(resources: readonly StackResource[], account: string): Role[] {
  return resources
    .filter(({ type, ref }) => type === 'AWS::IAM::Role' && /-spoke-(?!forward)/.test(ref))
    .map(({ ref, arn, properties }) => {
      const { AssumeRolePolicyDocument, Policies = [] } = properties as unknown as Written;
      const Statement = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      return {
        arn,
        account,
        name: ref,
        trust: trustSchema.parse(AssumeRolePolicyDocument),
        statements: policySchema.parse({ Version: '2012-10-17', Statement }).Statement,
      };
    });
}
