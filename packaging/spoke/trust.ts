import { type Capability, needsInstance } from '../../functions/place/capabilities';
import { PlaybookError } from '../../functions/shared/errors';
import type { Resource } from '../references';
import { capabilityOf, roleIdOf } from './hub';

/** A trust policy would be longer than IAM takes. */
export class TrustPolicyError extends PlaybookError {}

/** Source: IAM user guide, "IAM and AWS STS quotas": role trust policy length, without white space. */
const longestTrust = 2048;

/**
 * Who may take on the role of a capability: functions of the hub that have the capability, in an organisation, with the
 * external ID, and in a session that names its incident and, to act, its instance. The account's root stands for its roles,
 * because a role that is named must exist, and one that is created anew is another.
 * Sources: IAM user guide, "Principal: IAM role principals", "Pass session tags in AWS STS", "AWS global condition context keys".
 * Which keys a request has: Service Authorization Reference, AWS STS: only AssumeRole has the external ID.
 */
export function trustOf(capability: Capability, Resources: Record<string, Resource>, stage: string) {
  const Principal = { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${HubAccountId}:root' } };
  const organization = { 'aws:PrincipalOrgID': { Ref: 'OrganizationId' } };
  const ofStage = { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${HubAccountId}:role/incident-playbooks-${stage}-*` };
  const document = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal,
        Action: 'sts:AssumeRole',
        Condition: {
          ArnLike: { 'aws:PrincipalArn': ofStage },
          StringEquals: { ...organization, 'sts:ExternalId': { Ref: 'ExternalId' } },
          StringLike: {
            'aws:PrincipalArn': patternsOf(capability, Resources, stage),
            'aws:RequestTag/incident': '?*',
            'sts:SourceIdentity': '?*',
            ...(needsInstance(capability) ? { 'aws:RequestTag/instance': 'i-*' } : {}),
          },
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['incident', 'instance'] },
        },
      },
      {
        Effect: 'Allow',
        Principal,
        Action: ['sts:SetSourceIdentity', 'sts:TagSession'],
        Condition: {
          ArnLike: { 'aws:PrincipalArn': ofStage },
          StringEquals: organization,
        },
      },
    ],
  };
  // What the parameters are replaced by is longer than they are: an account, an organisation's ID, an external ID.
  const length = JSON.stringify(document).length + 150;
  if (length > longestTrust)
    throw new TrustPolicyError(
      `The trust of ${capability} has about ${length} characters, and IAM takes ${longestTrust}.`,
    );
  return document;
}

/**
 * Patterns for the ARNs of the hub's roles of a capability, in all regions. Whole ARNs of two dozen roles would fill a trust
 * policy, so these begin at the stage; that the rest of the ARN is the hub's says another condition.
 * @throws TrustPolicyError when a pattern also fits a role without the capability
 */
export function patternsOf(capability: Capability, Resources: Record<string, Resource>, stage: string): string[] {
  const trusted = new Map<string, string>();
  for (const { Type, Properties = {} } of Object.values(Resources))
    if (Type === 'AWS::Lambda::Function' && capabilityOf(Properties) === capability)
      trusted.set(roleIdOf(Properties), String(Properties.FunctionName));
  const others = Object.entries(Resources).flatMap(([id, { Type, Properties }]) =>
    Type === 'AWS::IAM::Role' && !trusted.has(id) ? [String(Properties?.RoleName)] : [],
  );
  return [...trusted.values()].map((name) => {
    // A role has the name of its function, and then the region: packaging/global-names.ts.
    const part = `-${stage}-${name.slice(`incident-playbooks-${stage}-`.length)}-`;
    const other = others.find((one) => `${one}-`.includes(part));
    if (other)
      throw new TrustPolicyError(
        `The pattern *${part}* is for ${capability}, and fits ${other}, which has none of it.`,
      );
    return `*${part}*`;
  });
}
