import { capabilities, spokeRoleName } from '../../functions/place/capabilities';
import type { Place } from '../cloud/accounts';
import { arnOf } from '../cloud/arn';
import { policySchema, trustSchema } from '../cloud/iam/policy';
import type { Role } from '../cloud/sts/roles';
import { account as hub } from './place';

/** The organisation that hub and spokes are in, and what they agreed on: drills of several accounts are packaged with these. */
export const organizationId = 'o-drill12345';
export const externalId = 'drill-external-id';

/** What each capability may do in an account, on the instance that the session names. */
const allowed: Record<(typeof capabilities)[number], readonly string[]> = {
  read: [],
  power: ['ec2:RebootInstances', 'ec2:StartInstances', 'ec2:StopInstances'],
  contain: ['ec2:*', 'autoscaling:*', 'iam:*', 'ssm:*'],
  patch: ['ssm:SendCommand'],
  alarms: ['cloudwatch:*'],
};

const reads = ['ec2:Describe*', 'cloudwatch:Describe*', 'cloudwatch:Get*', 'cloudwatch:List*', 'autoscaling:Describe*'];
const moreReads = [
  'elasticloadbalancing:Describe*',
  'cloudtrail:LookupEvents',
  'ssm:Describe*',
  'ssm:List*',
  'iam:Get*',
];

/** The roles of a spoke account, by capability. */
export function spokeRoles(stage: string, { account, region }: Place): Role[] {
  const trust = trustOf(region);
  return capabilities.map((capability) => {
    const name = spokeRoleName(stage, capability);
    const own = allowed[capability];
    return {
      arn: arnOf({ account, region }, 'iam', `role/${name}`),
      account,
      name,
      trust,
      statements: policySchema.parse({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: [...reads, ...moreReads], Resource: '*' },
          ...(own.length > 0 ? [{ Effect: 'Allow', Action: own, Resource: '*' }] : []),
        ],
      }).Statement,
    };
  });
}

const trustOf = (region: string) =>
  trustSchema.parse({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: arnOf({ account: hub, region }, 'iam', 'root') },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': organizationId, 'sts:ExternalId': externalId } },
      },
      {
        Effect: 'Allow',
        Principal: { AWS: arnOf({ account: hub, region }, 'iam', 'root') },
        Action: ['sts:TagSession', 'sts:SetSourceIdentity'],
        Condition: { StringEquals: { 'aws:PrincipalOrgID': organizationId } },
      },
    ],
  });
