import { capabilities, spokeQuarantineName, spokeRoleName } from '../../functions/place/capabilities';
import { PlaybookError } from '../../functions/shared/errors';
import type { Resource } from '../references';
import { mostCharacters } from './limits';
import { type HubTemplate, statementsOf } from './statements';
import { trustOf } from './trust';

/** A role of a spoke would be larger than IAM takes. */
export class SpokeRoleError extends PlaybookError {}

/** A stage, and the hub's packaged template that what its spokes may do is taken from. */
export interface Hub {
  stage: string;
  template: HubTemplate;
  organizationId: string;
  externalId: string;
}

const parameter = (Description: string, AllowedPattern: string, Default: string) => ({
  Type: 'String',
  Description,
  AllowedPattern,
  ...(Default ? { Default } : {}),
});

export const hubAccount = parameter('The account that the stage is deployed in', '^[0-9]{12}$', '');

export const tagsOf = (stage: string) => [
  { Key: 'Project', Value: 'incident-playbooks' },
  { Key: 'Stage', Value: stage },
];

/** The name of the role under which the rules of a spoke forward events. */
export const forwardRoleName = (stage: string): string => `incident-playbooks-${stage}-spoke-forward`;

/**
 * The template of a spoke's roles, deployed once an account, in one region: a role for each capability, the one that its rules
 * forward events under, and the profile of isolated instances. No transform and no nested stack, which the roles of StackSets
 * do not have the rights for.
 * @throws SpokeRoleError, TrustPolicyError, SpokeStatementError
 */
export function rolesTemplate(hub: Hub): object {
  const { stage, template, organizationId, externalId } = hub;
  const roles = capabilities.map((capability) => {
    const Statement = statementsOf(capability, template);
    const length = JSON.stringify(Statement).length;
    if (length > mostCharacters)
      throw new SpokeRoleError(`The role for ${capability} has ${length} characters, and IAM takes ${mostCharacters}.`);
    const role: Resource = {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: spokeRoleName(stage, capability),
        Description: `What incident-playbooks of stage ${stage} may do here: ${capability}`,
        AssumeRolePolicyDocument: trustOf(capability, template.Resources, stage),
        Policies: [{ PolicyName: capability, PolicyDocument: { Version: '2012-10-17', Statement } }],
        Tags: tagsOf(stage),
      },
    };
    return [`${capability[0]!.toUpperCase()}${capability.slice(1)}Role`, role] as const;
  });
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `incident-playbooks ${stage}: what the hub may do in a spoke account (once an account, in one region)`,
    Parameters: {
      HubAccountId: hubAccount,
      OrganizationId: parameter('The organisation that hub and spokes are in', '^o-[a-z0-9]{10,32}$', organizationId),
      ExternalId: {
        ...parameter('spokeExternalId of the stage', '^[\\w+=,.@:/-]{16,1224}$', externalId),
        NoEcho: true,
      },
    },
    Resources: { ...Object.fromEntries(roles), ...quarantine(hub), ForwardRole: forwardRole(stage) },
  };
}

/** The hub's profile of isolated instances under a name of the spoke's own. */
function quarantine({ stage, template: { Resources } }: Hub): Record<string, Resource> {
  const named = (id: string, property: string): Resource => ({
    Type: Resources[id]!.Type,
    Properties: { ...Resources[id]!.Properties, [property]: spokeQuarantineName(stage) },
  });
  return {
    QuarantineRole: named('QuarantineRole', 'RoleName'),
    QuarantineProfile: named('QuarantineProfile', 'InstanceProfileName'),
  };
}

/** Source: EventBridge user guide, "Sending and receiving events between accounts": a bus as target needs a role. */
function forwardRole(stage: string): Resource {
  const rules = {
    'Fn::Sub': `arn:\${AWS::Partition}:events:*:\${AWS::AccountId}:rule/incident-playbooks-${stage}-spoke-*`,
  };
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: forwardRoleName(stage),
      Description: 'Forwards events of this account to the hub',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: { 'aws:SourceArn': rules },
            },
          },
        ],
      },
      Policies: [
        {
          PolicyName: 'forward',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Action: 'events:PutEvents',
                Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:events:*:${HubAccountId}:event-bus/default' },
              },
            ],
          },
        },
      ],
      Tags: tagsOf(stage),
    },
  };
}
