import { resolveTemplate } from '../../drill/stack/resolve';
import { type Role, rolesOf } from '../../tools/template/roles';
import { place } from '../../tools/template/samples';
import { isAllowed, type Request } from '../../tools/template/simulate';
import { devTemplate } from '../template/packaged';

type Context = NonNullable<Request['context']>;
const tag = (key: string, value: string): Context => ({ [`aws:ResourceTag/incident-playbooks:${key}`]: value });
const optedIn = tag('enabled', 'true');
const isProtected = tag('protected', 'true');
const ec2 = (resource: string) => `arn:aws:ec2:${place.region}:${place.account}:${resource}`;
const role = (name: string) => `arn:aws:iam::${place.account}:role/${name}`;
const instance = ec2('instance/i-0123456789abcdef0');
const eni = ec2('network-interface/eni-0123456789abcdef0');
const address = ec2('elastic-ip/eipalloc-0123456789abcdef0');
const volume = ec2('volume/vol-0123456789abcdef0');
const group = `arn:aws:autoscaling:${place.region}:${place.account}:autoScalingGroup:u:autoScalingGroupName/web`;
const targets = `arn:aws:elasticloadbalancing:${place.region}:${place.account}:targetgroup/web/0123456789abcdef`;
const alarm = `arn:aws:cloudwatch:${place.region}:${place.account}:alarm:restart-instance-dev-cpu-high-i-0123456789abcdef0`;
const ourMark: Context = { ...optedIn, 'aws:TagKeys': ['incident-playbooks:quarantined-by'] };
const toEc2: Context = { 'iam:PassedToService': 'ec2.amazonaws.com' };
const quarantineProfile = `arn:aws:iam::${place.account}:instance-profile/incident-playbooks-dev-quarantine-${place.region}`;

let roles: Map<string, Role>;
beforeAll(async () => {
  roles = new Map(
    [...rolesOf(resolveTemplate(await devTemplate(), place)).values()].map((one) => [one.logicalId, one]),
  );
});

/** Asks the role of a function. */
async function may(name: string, action: string, resource: string, context: Context): Promise<boolean> {
  const { statements, arn } = roles.get(`${name}IamRoleLambdaExecution`)!;
  return isAllowed(statements, { action, resource, context }, arn);
}

test.each<[string, string, string, string, Context, Context]>([
  // What it is, who, what, on what, the context of an ordinary call, and what is another about a call that is refused.
  [
    'a protected interface is cut off',
    'QuarantineInterface',
    'ec2:ModifyNetworkInterfaceAttribute',
    eni,
    {},
    isProtected,
  ],
  ['a protected interface is put back', 'RestoreNetwork', 'ec2:ModifyNetworkInterfaceAttribute', eni, {}, isProtected],
  ['a protected address is taken off', 'DetachAddress', 'ec2:DisassociateAddress', address, {}, isProtected],
  ['an address is taken off a protected interface', 'DetachAddress', 'ec2:DisassociateAddress', eni, {}, isProtected],
  ['a protected address is put back', 'RestoreNetwork', 'ec2:AssociateAddress', address, {}, isProtected],
  [
    'a member of a protected group is spared',
    'ProtectFromScaleIn',
    'autoscaling:SetInstanceProtection',
    group,
    {},
    isProtected,
  ],
  [
    'the metadata service of a protected instance is switched off',
    'SwitchMetadataOff',
    'ec2:ModifyInstanceMetadataOptions',
    instance,
    optedIn,
    isProtected,
  ],
  ['an instance leaves a protected group', 'TakeOutOfService', 'autoscaling:EnterStandby', group, {}, isProtected],
  ['an instance enters a protected group', 'PutBackInService', 'autoscaling:ExitStandby', group, {}, isProtected],
  [
    'an instance leaves protected targets',
    'TakeOutOfService',
    'elasticloadbalancing:DeregisterTargets',
    targets,
    {},
    isProtected,
  ],
  [
    'an instance enters protected targets',
    'PutBackInService',
    'elasticloadbalancing:RegisterTargets',
    targets,
    {},
    isProtected,
  ],
  ['a protected instance is snapshotted', 'TakeSnapshots', 'ec2:CreateSnapshots', instance, optedIn, isProtected],
  ['a protected volume is snapshotted', 'TakeSnapshots', 'ec2:CreateSnapshots', volume, {}, isProtected],
  [
    'a protected volume’s mapping is changed',
    'ProtectInstance',
    'ec2:ModifyInstanceAttribute',
    volume,
    {},
    isProtected,
  ],
  ['a protected instance is tagged', 'MarkInstance', 'ec2:CreateTags', instance, ourMark, isProtected],
  ['a protected instance is untagged', 'RestoreInstance', 'ec2:DeleteTags', instance, ourMark, isProtected],
  [
    'user data is changed',
    'ProtectInstance',
    'ec2:ModifyInstanceAttribute',
    instance,
    optedIn,
    { 'ec2:Attribute': 'UserData' },
  ],
  [
    'user data is put back',
    'RestoreInstance',
    'ec2:ModifyInstanceAttribute',
    instance,
    optedIn,
    { 'ec2:Attribute': 'userData' },
  ],
  [
    'an attribute is read of an instance that opted out',
    'SurveyInstance',
    'ec2:DescribeInstanceAttribute',
    instance,
    optedIn,
    tag('enabled', 'false'),
  ],
  [
    'an attribute is read of an instance that opted out',
    'ProtectInstance',
    'ec2:DescribeInstanceAttribute',
    instance,
    optedIn,
    tag('enabled', 'false'),
  ],
  [
    'an attribute is read of an instance that opted out',
    'LookAtInstance',
    'ec2:DescribeInstanceAttribute',
    instance,
    optedIn,
    tag('enabled', 'false'),
  ],
  [
    'an isolated instance gets a profile other than that of the quarantine',
    'SwapProfile',
    'ec2:ReplaceIamInstanceProfileAssociation',
    instance,
    { ...optedIn, 'ec2:NewInstanceProfile': quarantineProfile },
    { 'ec2:NewInstanceProfile': quarantineProfile.replace('quarantine', 'admin') },
  ],
  [
    'an instance that is not in quarantine gets another profile',
    'RestoreInstance',
    'ec2:ReplaceIamInstanceProfileAssociation',
    instance,
    { ...optedIn, 'ec2:InstanceProfile': quarantineProfile, 'ec2:NewInstanceProfile': quarantineProfile },
    { 'ec2:InstanceProfile': quarantineProfile.replace('quarantine', 'web') },
  ],
  [
    'a role is passed to another service',
    'RestoreInstance',
    'iam:PassRole',
    role('web'),
    toEc2,
    { 'iam:PassedToService': 'lambda.amazonaws.com' },
  ],
  [
    'a role is passed to an instance of another account',
    'RestoreInstance',
    'iam:PassRole',
    role('web'),
    { ...toEc2, 'iam:AssociatedResourceArn': instance },
    { 'iam:AssociatedResourceArn': instance.replace(place.account, '999988887777') },
  ],
  [
    'sessions of a protected role are revoked',
    'RevokeSessions',
    'iam:PutRolePolicy',
    role('web'),
    optedIn,
    isProtected,
  ],
  [
    'sessions of a protected role are given back',
    'RestoreSessions',
    'iam:DeleteRolePolicy',
    role('web'),
    optedIn,
    isProtected,
  ],
  [
    'an alarm is made that terminates',
    'EnrolInstance',
    'cloudwatch:PutMetricAlarm',
    alarm,
    {},
    { 'cloudwatch:AlarmActions': ['arn:aws:automate:us-east-1:ec2:terminate'] },
  ],
  [
    'an alarm is made that stops',
    'ReconcileAlarms',
    'cloudwatch:PutMetricAlarm',
    alarm,
    {},
    { 'cloudwatch:AlarmActions': ['arn:aws:automate:us-east-1:ec2:stop'] },
  ],
])('%s: never (%s)', async (_what, name, action, resource, ordinary, change) => {
  expect(await may(name, action, resource, ordinary)).toBe(true);
  expect(await may(name, action, resource, { ...ordinary, ...change })).toBe(false);
});

test('a key that AWS leaves out of a call refuses nothing: a role is passed where EC2 does not say to what', async () => {
  expect(await may('RestoreInstance', 'iam:PassRole', role('web'), toEc2)).toBe(true);
});

test('no role of this stack is passed to an instance', async () => {
  expect(await may('RestoreInstance', 'iam:PassRole', role('incident-playbooks-dev-stop-instance'), toEc2)).toBe(false);
});

test.each(['incident-playbooks:enabled', 'Incident-Playbooks:Protected'])(
  'the tag %s is refused by name, whatever the list of allowed keys says',
  async (key) => {
    const { statements, arn } = roles.get('MarkInstanceIamRoleLambdaExecution')!;
    const widened = statements.map(({ Condition, ...one }) => (one.Effect === 'Deny' ? { ...one, Condition } : one));
    const request = (keys: string[]) => ({
      action: 'ec2:CreateTags',
      resource: instance,
      context: { ...optedIn, 'aws:TagKeys': keys },
    });

    expect(await isAllowed(widened, request(['Name']), arn)).toBe(true);
    expect(await isAllowed(widened, request(['Name', key]), arn)).toBe(false);
  },
);
