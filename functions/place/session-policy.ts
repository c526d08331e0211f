import { PlaybookError } from '../shared/errors';
import { type Capability, needsInstance } from './capabilities';
import { partitionOf } from './partition';

/** A session that changes an instance was asked for without naming one, or for what is no instance ID. */
export class SessionPolicyError extends PlaybookError {}

/** Where a session acts: its policy names one account and one region. */
interface Place {
  account: string;
  region: string;
}

type Statement = { Effect: 'Allow'; Action: string[]; Resource: string | string[] };

/** Source: STS API reference, AssumeRole, `Policy`. */
export const longestPolicy = 2048;

/**
 * The policy that narrows one session in a spoke account to what its capability does in one place, and, where an instance is
 * given, to that one instance. A session may do what both its role and this policy allow.
 * @param instanceId needed for power, contain and patch
 * @returns JSON for AssumeRole; undefined for reading, which the role alone narrows
 * @throws SessionPolicyError when an acting session names no instance, or no valid one
 */
export function sessionPolicyOf(capability: Capability, place: Place, instanceId?: string): string | undefined {
  if (instanceId === undefined ? needsInstance(capability) : !/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(instanceId))
    throw new SessionPolicyError(`A session for ${capability} needs the ID of one instance, not ${instanceId}.`);
  if (capability === 'read') return undefined;
  const Statement = { power, contain, patch, alarms }[capability](arnsIn(place), instanceId ?? 'i-*');
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

/** ARNs of a place by service and resource. */
type Arns = (service: string, resource: string, owner?: string) => string;

function arnsIn({ account, region }: Place): Arns {
  const { name } = partitionOf(region);
  return (service, resource, owner = account) =>
    `arn:${name}:${service}:${service === 'iam' ? '' : region}:${owner}:${resource}`;
}

const allow = (Resource: string | string[], ...Action: string[]): Statement => ({ Effect: 'Allow', Action, Resource });

/** Only EC2 uses the grant: the role demands it. The key may be another account's. */
const grants = (arn: Arns) => allow(arn('kms', 'key/*', '*'), 'kms:CreateGrant');

const groups = 'autoScalingGroup:*:autoScalingGroupName/*';

const power = (arn: Arns, id: string): Statement[] => [
  allow('*', 'autoscaling:Describe*', 'elasticloadbalancing:Describe*', 'ec2:DescribeInstances'),
  allow(arn('ec2', `instance/${id}`), 'ec2:RebootInstances', 'ec2:StartInstances', 'ec2:StopInstances'),
  allow(arn('autoscaling', groups), 'autoscaling:EnterStandby', 'autoscaling:ExitStandby'),
  allow(
    arn('elasticloadbalancing', 'targetgroup/*'),
    'elasticloadbalancing:DeregisterTargets',
    'elasticloadbalancing:RegisterTargets',
  ),
  grants(arn),
];

/** EC2's Describe actions that know no resources; DescribeInstanceAttribute does, and is allowed on the one instance. */
const described = [
  'Addresses',
  'IamInstanceProfileAssociations',
  'Instances',
  'LockedSnapshots',
  'NetworkInterfaces',
  'SecurityGroups',
  'Snapshots',
].map((what) => `ec2:Describe${what}`);

function contain(full: Arns, id: string): Statement[] {
  // Without the account, which is the session's own: every character counts here.
  const arn: Arns = (service, kind) => full(service, kind, '*');
  return [
    allow('*', ...described, 'autoscaling:DescribeAutoScalingInstances', 'ssm:DescribeSessions'),
    allow(
      full('ec2', `instance/${id}`),
      ...['CreateSnapshots', 'CreateTags', 'DeleteTags', 'DescribeInstanceAttribute', 'GetConsoleOutput'].map(ec2),
      ...['ModifyInstanceAttribute', 'ModifyInstanceMetadataOptions'].map(ec2),
      ec2('ReplaceIamInstanceProfileAssociation'),
    ),
    // What belongs to the instance, of which the role allows each action on its own kind alone: two lists are shorter than six.
    allow(
      [arn('ec2', 'volume/*'), arn('ec2', 'snapshot/*')],
      ...['CreateSnapshots', 'CreateTags', 'LockSnapshot', 'ModifyInstanceAttribute', 'ModifySnapshotAttribute'].map(
        ec2,
      ),
    ),
    allow(
      ['elastic-ip', 'network-interface', 'security-group', 'vpc'].map((kind) => arn('ec2', `${kind}/*`)),
      ...['AssociateAddress', 'DisassociateAddress', 'ModifyNetworkInterfaceAttribute'].map(ec2),
      ...['CreateTags', 'CreateSecurityGroup', 'DeleteSecurityGroup'].map(ec2),
      ...['AuthorizeSecurityGroup*', 'RevokeSecurityGroupEgress'].map(ec2),
    ),
    allow(arn('autoscaling', groups), 'autoscaling:SetInstanceProtection'),
    allow(
      ['instance-profile/*', 'role/*'].map((kind) => arn('iam', kind)),
      ...['DeleteRolePolicy', 'GetInstanceProfile', 'PassRole', 'PutRolePolicy'].map((action) => `iam:${action}`),
    ),
    allow(arn('ssm', 'session/*'), 'ssm:TerminateSession'),
    grants(full),
  ];
}

const ec2 = (action: string) => `ec2:${action}`;

const patch = (arn: Arns, id: string): Statement[] => [
  allow('*', 'ec2:DescribeInstances', 'ssm:ListCommands'),
  allow([arn('ec2', `instance/${id}`), arn('ssm', 'document/AWS-RunPatchBaseline', '')], 'ssm:SendCommand'),
];

/** The names of the alarms that enrolment creates end with the instance's ID. */
const alarms = (arn: Arns, id: string): Statement[] => [
  allow('*', 'cloudwatch:DescribeAlarms', 'cloudwatch:ListMetrics', 'ec2:DescribeInstances'),
  allow(arn('cloudwatch', `alarm:*-${id}`), ...['DeleteAlarms', 'PutMetricAlarm', 'TagResource'].map(cloudwatch)),
];

const cloudwatch = (action: string) => `cloudwatch:${action}`;
