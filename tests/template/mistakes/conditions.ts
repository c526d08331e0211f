import { anInstance, change, type Planted, roleOf, type Statement, unconditional } from './statements';

const optIn = 'aws:ResourceTag/incident-playbooks:enabled';
const group = 'aws:ResourceTag/incident-playbooks:quarantine-group';
const keysOf = (one: Statement) => one.Condition!['ForAllValues:StringEquals']!['aws:TagKeys'] as string[];
const without = (role: string, key: string, action: string) =>
  `${roleOf(role)} is allowed without ${key}: ${action} on`;
const where = (role: string, what: string, action: string) => `${roleOf(role)} is allowed where ${what}: ${action} on`;

/** Conditions that are dropped, or that hold less than they seem to. */
export const conditions: Planted[] = [
  [
    'opt-in',
    unconditional(roleOf('StopInstance'), 'ec2:StopInstances'),
    without('StopInstance', optIn, 'ec2:StopInstances'),
  ],
  [
    'opt-in with any value',
    change(roleOf('StartInstance'), 'ec2:StartInstances', (one) => {
      one.Condition = { StringLike: { [optIn]: '*' } };
    }),
    where('StartInstance', `${optIn} is false`, 'ec2:StartInstances'),
  ],
  [
    'opt-in with a wrong value',
    change(roleOf('StartInstance'), 'ec2:StartInstances', (one) => {
      one.Condition = { StringEquals: { [optIn]: 'yes' } };
    }),
    `StartInstanceLambdaFunction calls without being allowed: ec2:StartInstances on ${anInstance}`,
  ],
  [
    'opt-in by a tag whose name was never filled in',
    change(roleOf('StopInstance'), 'ec2:StopInstances', (one) => {
      one.Condition = { StringEquals: { 'aws:ResourceTag/${param:optInTag}': 'true' } };
    }),
    `StopInstanceLambdaFunction calls without being allowed: ec2:StopInstances on ${anInstance}`,
  ],
  [
    'opt-in for what is read of an instance',
    unconditional(roleOf('SaveEvidence'), 'ec2:GetConsoleOutput'),
    without('SaveEvidence', optIn, 'ec2:GetConsoleOutput'),
  ],
  [
    'opt-in for snapshots',
    unconditional(roleOf('TakeSnapshots'), 'ec2:CreateSnapshots'),
    without('TakeSnapshots', optIn, 'ec2:CreateSnapshots'),
  ],
  [
    'opt-in of a role',
    unconditional(roleOf('RevokeSessions'), 'iam:PutRolePolicy'),
    without('RevokeSessions', optIn, 'iam:PutRolePolicy'),
  ],
  [
    'who is passed a role',
    unconditional(roleOf('RestoreInstance'), 'iam:PassRole'),
    without('RestoreInstance', 'iam:PassedToService', 'iam:PassRole'),
  ],
  [
    'a second service that is passed a role',
    change(roleOf('RestoreInstance'), 'iam:PassRole', (one) => {
      one.Condition!.StringEquals!['iam:PassedToService'] = ['ec2.amazonaws.com', 'ssm.amazonaws.com'];
    }),
    where('RestoreInstance', 'iam:PassedToService is ssm.amazonaws.com', 'iam:PassRole'),
  ],
  [
    'any of the tags instead of all',
    change(roleOf('MarkInstance'), 'ec2:CreateTags', (one) => {
      const { 'ForAllValues:StringEquals': all, ...others } = one.Condition!;
      one.Condition = { ...others, 'ForAnyValue:StringEquals': all! };
    }),
    where('MarkInstance', 'aws:TagKeys holds foreign, too', 'ec2:CreateTags'),
  ],
  [
    'one tag more',
    change(roleOf('MarkInstance'), 'ec2:CreateTags', (one) => keysOf(one).push('Name')),
    where('MarkInstance', 'aws:TagKeys is Name', 'ec2:CreateTags'),
  ],
  [
    'no tag at all',
    change(roleOf('MarkInstance'), 'ec2:CreateTags', (one) => {
      delete one.Condition!.Null;
    }),
    without('MarkInstance', 'aws:TagKeys', 'ec2:CreateTags'),
  ],
  [
    'tags without a list',
    change(roleOf('MarkInstance'), 'ec2:CreateTags', (one) => {
      one.Condition = { StringEqualsIgnoreCase: one.Condition!.StringEqualsIgnoreCase! };
    }),
    where('MarkInstance', 'aws:TagKeys is foreign', 'ec2:CreateTags'),
  ],
  [
    'tags on a snapshot that is there already',
    unconditional(roleOf('TakeSnapshots'), 'ec2:CreateTags'),
    without('TakeSnapshots', 'ec2:CreateAction', 'ec2:CreateTags'),
  ],
  [
    'rules in any group',
    unconditional(roleOf('PrepareQuarantine'), 'ec2:AuthorizeSecurityGroupIngress'),
    without('PrepareQuarantine', group, 'ec2:AuthorizeSecurityGroupIngress'),
  ],
  [
    'a group without its tag',
    unconditional(roleOf('PrepareQuarantine'), 'ec2:CreateSecurityGroup', 'RequestTag'),
    without('PrepareQuarantine', 'aws:RequestTag/incident-playbooks:quarantine-group', 'ec2:CreateSecurityGroup'),
  ],
  [
    'any group deleted',
    unconditional(roleOf('RestoreNetwork'), 'ec2:DeleteSecurityGroup'),
    without('RestoreNetwork', group, 'ec2:DeleteSecurityGroup'),
  ],
  [
    'a grant outside EC2',
    unconditional(roleOf('StartInstance'), 'kms:CreateGrant'),
    without('StartInstance', 'kms:ViaService', 'kms:CreateGrant'),
  ],
  [
    'a grant for snapshots outside EC2',
    unconditional(roleOf('TakeSnapshots'), 'kms:CreateGrant'),
    without('TakeSnapshots', 'kms:ViaService', 'kms:CreateGrant'),
  ],
  [
    'a grant by any service',
    change(roleOf('StartInstance'), 'kms:CreateGrant', (one) => {
      one.Condition = { ...one.Condition, StringEquals: {}, StringLike: { 'kms:ViaService': '*' } };
    }),
    where('StartInstance', 'kms:ViaService is lambda.us-east-1.amazonaws.com', 'kms:CreateGrant'),
  ],
  [
    'alarms that act by themselves',
    unconditional(roleOf('EnrolInstance'), 'cloudwatch:PutMetricAlarm'),
    where(
      'EnrolInstance',
      'cloudwatch:AlarmActions is arn:aws:automate:us-east-1:ec2:terminate',
      'cloudwatch:PutMetricAlarm',
    ),
  ],
  [
    'locks on snapshots of others',
    change(roleOf('LockSnapshots'), 'ec2:LockSnapshot', (one) => {
      delete one.Condition!.StringLike;
    }),
    without('LockSnapshots', 'aws:ResourceTag/incident-playbooks:incident', 'ec2:LockSnapshot'),
  ],
  [
    'locks for any time',
    change(roleOf('LockSnapshots'), 'ec2:LockSnapshot', (one) => {
      delete one.Condition!.NumericEquals;
    }),
    without('LockSnapshots', 'ec2:SnapshotLockDuration', 'ec2:LockSnapshot'),
  ],
  [
    'snapshots of others shared',
    change(roleOf('ShareSnapshots'), 'ec2:ModifySnapshotAttribute', (one) => {
      delete one.Condition!.StringLike;
    }),
    without('ShareSnapshots', 'aws:ResourceTag/incident-playbooks:incident', 'ec2:ModifySnapshotAttribute'),
  ],
  [
    'snapshots shared with anybody',
    change(roleOf('ShareSnapshots'), 'ec2:ModifySnapshotAttribute', (one) => {
      delete one.Condition!.StringEquals;
    }),
    without('ShareSnapshots', 'ec2:Add/userId', 'ec2:ModifySnapshotAttribute'),
  ],
  [
    'snapshots shared with everybody',
    change(roleOf('ShareSnapshots'), 'ec2:ModifySnapshotAttribute', (one) => {
      delete one.Condition!.Null;
    }),
    where('ShareSnapshots', 'ec2:Add/group is arn:aws:automate:us-east-1:ec2:terminate', 'ec2:ModifySnapshotAttribute'),
  ],
  [
    'another profile for an instance that is not in quarantine',
    change(roleOf('RestoreInstance'), 'ec2:ReplaceIamInstanceProfileAssociation', (one) => {
      one.Condition = { StringEqualsIgnoreCase: one.Condition!.StringEqualsIgnoreCase! };
    }),
    without('RestoreInstance', 'ec2:InstanceProfile', 'ec2:ReplaceIamInstanceProfileAssociation'),
  ],
  [
    'another profile for an instance with any profile',
    change(roleOf('RestoreInstance'), 'ec2:ReplaceIamInstanceProfileAssociation', (one) => {
      const profile = one.Condition!.ArnEquals!;
      one.Condition = {
        StringEqualsIgnoreCase: one.Condition!.StringEqualsIgnoreCase!,
        ArnLike: { ...profile, 'ec2:InstanceProfile': 'arn:aws:iam::*:instance-profile/*' },
      };
    }),
    where(
      'RestoreInstance',
      'ec2:InstanceProfile is arn:aws:iam::111122223333:instance-profile/foreign',
      'ec2:ReplaceIamInstanceProfileAssociation',
    ),
  ],
  [
    'a profile of anybody',
    change(roleOf('SwapProfile'), 'ec2:ReplaceIamInstanceProfileAssociation', (one) => {
      one.Condition = { StringEqualsIgnoreCase: one.Condition!.StringEqualsIgnoreCase! };
    }),
    without('SwapProfile', 'ec2:NewInstanceProfile', 'ec2:ReplaceIamInstanceProfileAssociation'),
  ],
];
