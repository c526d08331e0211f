import { createHash } from 'node:crypto';
import type { Capability } from '../../functions/place/capabilities';
import { spokeRoleName } from '../../functions/place/capabilities';
import type { CompiledTemplate } from '../complete-template';
import type { Resource } from '../references';
import { checkLimits } from './limits';
import { forwardedPatterns } from './patterns';

/** What a stage says of the accounts that it looks after besides its own. */
export interface Spokes {
  stage: string;
  /** Account IDs; empty for none. */
  accounts: readonly string[];
  organizationId: string;
}

/** The variables of functions, before the framework compiles them: a version of a function is named by them. */
interface Configured {
  functions: Record<string, { environment?: Record<string, unknown> }>;
  provider: { environment?: Record<string, unknown> };
}

/**
 * Where the template has the list of accounts, once: in each role and function, a hundred accounts are more than a template
 * may have. The list is named by what is in it, so that another list is another configuration of a function, which gets a
 * version of its own.
 */
function listOf(accounts: readonly string[]): { 'Fn::FindInMap': [string, string, string] } {
  const name = createHash('sha256').update(accounts.join()).digest('hex').slice(0, 12);
  return { 'Fn::FindInMap': ['Spokes', `List${name}`, 'Accounts'] };
}

/** Tells the functions of the accounts, in place; without any, nothing of spokes is left in their environment. */
export function tellFunctions({ functions, provider }: Configured, accounts: readonly string[]): void {
  const { environment: shared = {} } = provider;
  if (accounts.length > 0) {
    shared.ACCOUNT_IDS = { 'Fn::Join': [',', [{ Ref: 'AWS::AccountId' }, { 'Fn::Join': [',', listOf(accounts)] }]] };
    return;
  }
  delete shared.SPOKE_EXTERNAL_ID;
  for (const one of Object.values(functions)) {
    const { SPOKE_CAPABILITY: _none, ...others } = one.environment ?? {};
    if (Object.keys(others).length > 0) one.environment = others;
    else delete one.environment;
  }
}

/**
 * The hub's side of the spokes, in place: each function with a capability may take on that role of each account, and no other,
 * and the bus takes events of the rules in these accounts. Without accounts, nothing changes.
 * @throws TooManySpokesError when one of the limits of AWS has no room for so many accounts
 */
export function prepareHub(template: CompiledTemplate, spokes: Spokes): void {
  if (spokes.accounts.length === 0) return;
  const { Resources } = template;
  const {
    'Fn::FindInMap': [map, key, ids],
  } = listOf(spokes.accounts);
  template.Mappings = { ...template.Mappings, [map]: { [key]: { [ids]: [...spokes.accounts] } } };
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    const capability = Type === 'AWS::Lambda::Function' ? capabilityOf(Properties) : undefined;
    if (capability) allowAssume(Resources, Properties, capability, spokes);
  }
  Resources.SpokeEventsPolicy = busPolicy(Resources, spokes);
  checkLimits(template, listOf(spokes.accounts), spokes.accounts);
}

/** The capability of a function that takes on roles of spokes. */
export function capabilityOf(properties: Record<string, unknown>): Capability | undefined {
  const { Variables } = (properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
  return Variables?.SPOKE_CAPABILITY as Capability | undefined;
}

/** The logical ID of a function's role. */
export const roleIdOf = (properties: Record<string, unknown>): string =>
  (properties.Role as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0]!;

/**
 * The one role of the capability, in the listed accounts alone: a condition with their IDs, since their ARNs would fill the
 * rights of a role with some fifty. Without the key, the condition is not met. Both sides have to allow the tags and the
 * source identity of a session, which are rights on nothing for whoever may not take on the role.
 * Sources: AWS What's New, 2022-04-27 (`aws:ResourceAccount` in AssumeRole); IAM user guide, "AWS global condition context
 * keys", "Pass session tags in AWS STS".
 */
function allowAssume(
  Resources: CompiledTemplate['Resources'],
  properties: Record<string, unknown>,
  capability: Capability,
  { stage, accounts }: Spokes,
): void {
  const roleId = roleIdOf(properties);
  const policies = Resources[roleId]?.Properties?.Policies as { PolicyDocument: { Statement: unknown[] } }[];
  const Resource = { 'Fn::Sub': `arn:\${AWS::Partition}:iam::*:role/${spokeRoleName(stage, capability)}` };
  policies[0]!.PolicyDocument.Statement.push(
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Resource,
      Condition: { StringEquals: { 'aws:ResourceAccount': listOf(accounts) } },
    },
    { Effect: 'Allow', Action: ['sts:SetSourceIdentity', 'sts:TagSession'], Resource },
  );
}

/**
 * Who may put events on the bus: rules of the stage's spokes, in the accounts on its list, of its organisation, and only with
 * events of the services that its rules wait for. Each key is asked for by a plain operator, which a missing key does not meet.
 * Source: EventBridge user guide, "Using IAM policy conditions": `events:source`, `events:eventBusInvocation`, `aws:SourceArn`.
 */
function busPolicy(Resources: CompiledTemplate['Resources'], { stage, accounts, organizationId }: Spokes): Resource {
  const patterns = forwardedPatterns(Resources);
  return {
    Type: 'AWS::Events::EventBusPolicy',
    Properties: {
      StatementId: `incident-playbooks-${stage}-spokes`,
      EventBusName: 'default',
      Statement: {
        Effect: 'Allow',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/default' },
        Condition: {
          StringEquals: {
            'aws:PrincipalOrgID': organizationId,
            'aws:PrincipalAccount': listOf(accounts),
            'events:source': patterns.map(({ source }) => source),
          },
          Bool: { 'events:eventBusInvocation': 'true' },
          ArnLike: {
            'aws:SourceArn': {
              'Fn::Sub': `arn:\${AWS::Partition}:events:\${AWS::Region}:*:rule/incident-playbooks-${stage}-spoke-*`,
            },
          },
        },
      },
    },
  };
}
