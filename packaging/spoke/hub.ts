import type { Capability } from '../../functions/place/capabilities';
import { spokeRoleName } from '../../functions/place/capabilities';
import { PlaybookError } from '../../functions/shared/errors';
import type { CompiledTemplate } from '../complete-template';
import type { Resource } from '../references';
import { forwardedPatterns } from './patterns';

/** More accounts than the rights of a role have room for. */
export class TooManySpokesError extends PlaybookError {}

/** What a stage says of the accounts that it looks after besides its own. */
export interface Spokes {
  stage: string;
  /** Account IDs; empty for none. */
  accounts: readonly string[];
  organizationId: string;
}

/** Source: IAM user guide, "IAM and AWS STS quotas": the inline policies of a role together, without white space. */
export const mostCharacters = 10_240;

/** The variables of functions, before the framework compiles them: a version of a function is named by them. */
interface Configured {
  functions: Record<string, { environment?: Record<string, unknown> }>;
  provider: { environment?: Record<string, unknown> };
}

/** Tells the functions of the accounts, in place; without any, nothing of spokes is left in their environment. */
export function tellFunctions({ functions, provider }: Configured, accounts: readonly string[]): void {
  const { environment: shared = {} } = provider;
  if (accounts.length > 0) {
    shared.ACCOUNT_IDS = { 'Fn::Sub': ['${AWS::AccountId}', ...accounts].join(',') };
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
 * @throws TooManySpokesError when the rights of a function have no room for so many accounts
 */
export function prepareHub({ Resources }: CompiledTemplate, spokes: Spokes): void {
  if (spokes.accounts.length === 0) return;
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    const capability = Type === 'AWS::Lambda::Function' ? capabilityOf(Properties) : undefined;
    if (capability) allowAssume(Resources, Properties, capability, spokes);
  }
  Resources.SpokeEventsPolicy = busPolicy(Resources, spokes);
}

/** The capability of a function that takes on roles of spokes. */
export function capabilityOf(properties: Record<string, unknown>): Capability | undefined {
  const { Variables } = (properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
  return Variables?.SPOKE_CAPABILITY as Capability | undefined;
}

/** The logical ID of a function's role. */
export const roleIdOf = (properties: Record<string, unknown>): string =>
  (properties.Role as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0]!;

/** Both sides have to allow the tags and the source identity of a session. Source: IAM user guide, "Pass session tags in AWS STS". */
function allowAssume(
  Resources: CompiledTemplate['Resources'],
  properties: Record<string, unknown>,
  capability: Capability,
  { stage, accounts }: Spokes,
): void {
  const roleId = roleIdOf(properties);
  const policies = Resources[roleId]?.Properties?.Policies as { PolicyDocument: { Statement: unknown[] } }[];
  policies[0]!.PolicyDocument.Statement.push({
    Effect: 'Allow',
    Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
    Resource: accounts.map((account) => ({
      'Fn::Sub': `arn:\${AWS::Partition}:iam::${account}:role/${spokeRoleName(stage, capability)}`,
    })),
  });
  const length = JSON.stringify(policies).length;
  if (length > mostCharacters)
    throw new TooManySpokesError(
      `${roleId} would have ${length} characters of rights with ${accounts.length} spokeAccounts, and IAM takes ${mostCharacters}. Give the accounts beyond to another stage.`,
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
            'aws:PrincipalAccount': accounts,
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
