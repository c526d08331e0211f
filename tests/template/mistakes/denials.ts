import { add, drop, type Planted, roleOf, statement } from './statements';

const protect = 'incident-playbooks:protected';
const notRefused = (role: string, what: string, action: string) =>
  `${roleOf(role)} does not refuse ${what}: ${action} on`;
/** The refusal of protected resources that was dropped. */
const unprotected = (role: string, action: string): Planted => [
  `${role}: ${action} on what is protected`,
  drop(roleOf(role), action, 'Deny', `ResourceTag/${protect}`),
  notRefused(role, 'a protected resource', action),
];

/** Denies that are dropped, that refuse less than they seem to, or that nothing needs. */
export const denials: Planted[] = [
  unprotected('StopInstance', 'ec2:StopInstances'),
  unprotected('StartPatching', 'ssm:SendCommand'),
  unprotected('TakeSnapshots', 'ec2:CreateSnapshots'),
  unprotected('QuarantineInterface', 'ec2:ModifyNetworkInterfaceAttribute'),
  unprotected('DetachAddress', 'ec2:DisassociateAddress'),
  unprotected('TakeOutOfService', 'autoscaling:EnterStandby'),
  unprotected('ProtectFromScaleIn', 'autoscaling:SetInstanceProtection'),
  unprotected('SwitchMetadataOff', 'ec2:ModifyInstanceMetadataOptions'),
  unprotected('PutBackInService', 'elasticloadbalancing:RegisterTargets'),
  unprotected('MarkInstance', 'ec2:CreateTags'),
  unprotected('RevokeSessions', 'iam:PutRolePolicy'),
  [
    'a protection by another tag',
    (r) => {
      const denial = statement(r, roleOf('StopInstance'), 'ec2:StopInstances', 'Deny');
      denial.Condition = { Null: { 'aws:ResourceTag/incident-playbooks:protect': 'false' } };
    },
    notRefused('StopInstance', 'a protected resource', 'ec2:StopInstances'),
  ],
  [
    'a protection by one value alone',
    (r) => {
      const denial = statement(r, roleOf('StopInstance'), 'ec2:StopInstances', 'Deny');
      denial.Condition = { StringEquals: { [`aws:ResourceTag/${protect}`]: 'true' } };
    },
    notRefused('StopInstance', 'a resource whose protection has an odd value', 'ec2:StopInstances'),
  ],
  [
    'tags that opt in',
    drop(roleOf('MarkInstance'), 'ec2:CreateTags', 'Deny', 'ForAnyValue'),
    notRefused('MarkInstance', 'a change of the tag that opts in', 'ec2:CreateTags'),
  ],
  [
    'attributes by which code is run',
    drop(roleOf('ProtectInstance'), 'ec2:ModifyInstanceAttribute', 'Deny', 'ec2:Attribute'),
    notRefused('ProtectInstance', 'a change of userData', 'ec2:ModifyInstanceAttribute'),
  ],
  [
    'policies on the stack’s own roles',
    drop(roleOf('RevokeSessions'), 'iam:PutRolePolicy', 'Deny', 'role/incident-playbooks-dev-*'),
    notRefused('RevokeSessions', 'a role of this stack', 'iam:PutRolePolicy'),
  ],
  [
    'policies on all of the stack’s roles but one',
    (r) => {
      const role = roleOf('RevokeSessions');
      const denial = statement(r, role, 'iam:PutRolePolicy', 'Deny', 'role/incident-playbooks-dev-*');
      denial.Resource = 'arn:aws:iam::111122223333:role/incident-playbooks-dev-stop-instance';
    },
    notRefused('RevokeSessions', 'a role of this stack', 'iam:PutRolePolicy'),
  ],
  [
    'the stack’s own roles for an instance',
    drop(roleOf('RestoreInstance'), 'iam:PassRole', 'Deny', 'role/incident-playbooks-dev-*'),
    notRefused('RestoreInstance', 'a role of this stack', 'iam:PassRole'),
  ],
  [
    'a role for something else than an instance',
    drop(roleOf('RestoreInstance'), 'iam:PassRole', 'Deny', 'AssociatedResourceArn'),
    notRefused('RestoreInstance', 'a role for arn:aws:lambda:us-east-1:111122223333:function:some', 'iam:PassRole'),
  ],
  [
    'a Deny that nothing needs',
    add(roleOf('StopInstance'), { Effect: 'Deny', Action: ['sns:Publish'], Resource: ['*'] }),
    `${roleOf('StopInstance')} refuses what nothing asks for: sns:Publish on *`,
  ],
];
