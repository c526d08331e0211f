import { account, add, anInstance, change, drop, type Planted, type Resources, roleOf, statement } from './statements';

const stopRole = roleOf('StopInstance');
const instances = `${account}:instance/*`;
const policy = (Type: string, of: Record<string, unknown>) => (r: Resources) => {
  const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  r.Extra = { Type, Properties: { PolicyName: 'x', ...of, PolicyDocument: { Version: '2012-10-17', Statement } } };
};
const terminating = change(stopRole, 'ec2:StopInstances', (one) => {
  one.Action = ['ec2:StopInstances', 'ec2:TerminateInstances'];
});

/** Actions too many or too few, and rights that stand elsewhere than in the role. */
export const rights: Planted[] = [
  [
    'an action that is missing',
    drop(stopRole, 'ec2:StopInstances'),
    `StopInstanceLambdaFunction calls without being allowed: ec2:StopInstances on ${anInstance}`,
  ],
  [
    'an action too many',
    terminating,
    `${stopRole} is allowed what it never calls: ec2:TerminateInstances on ${instances}`,
  ],
  [
    'terminating, which nobody may do',
    terminating,
    `${stopRole} terminates an instance: ec2:TerminateInstances on ${anInstance}`,
  ],
  [
    'an action too many of a machine',
    add('RestartInstanceStateMachineRole', {
      Effect: 'Allow',
      Action: 'sns:Subscribe',
      Resource: { Ref: 'NoticesTopic' },
    }),
    'RestartInstanceStateMachineRole is allowed what it never calls: sns:Subscribe',
  ],
  [
    'an action too many of a rule',
    change('RestartInstanceRuleRole', 'states:StartExecution', (one) => {
      one.Action = ['states:StartExecution', 'states:StopExecution'];
    }),
    'RestartInstanceRuleRole is allowed what it never calls: states:StopExecution',
  ],
  [
    'a log that the machine may not write',
    change('RestartInstanceStateMachineRole', 'logs:CreateLogDelivery', (one) => {
      one.Action = (one.Action as string[]).filter((action) => action !== 'logs:CreateLogDelivery');
    }),
    'RestartInstanceStateMachine calls without being allowed: logs:CreateLogDelivery',
  ],
  [
    'a step that the machine may not call',
    (r) => {
      const invoke = statement(r, 'RestartInstanceStateMachineRole', 'lambda:InvokeFunction');
      invoke.Resource = (invoke.Resource as unknown[]).filter(
        (arn) => !JSON.stringify(arn).includes('StopInstanceLambda'),
      );
    },
    'RestartInstanceStateMachine calls without being allowed: lambda:InvokeFunction on arn:aws:lambda:us-east-1:111122223333:function:',
  ],
  [
    'a Distributed Map that may not start its items',
    drop('PatrolFleetStateMachineRole', 'states:StartExecution'),
    'PatrolFleetStateMachine calls without being allowed: states:StartExecution',
  ],
  [
    'a pattern of actions',
    change(stopRole, 'dynamodb:PutItem', (one) => {
      one.Action = 'dynamodb:*';
    }),
    `${stopRole} is allowed a pattern of actions: dynamodb:*`,
  ],
  [
    'a policy that AWS manages',
    (r) => {
      r[stopRole]!.Properties.ManagedPolicyArns = ['arn:aws:iam::aws:policy/AdministratorAccess'];
    },
    `${stopRole} has a managed policy: arn:aws:iam::aws:policy/AdministratorAccess`,
  ],
  [
    'a policy of its own that a role is given',
    (r) => {
      r.ApproversPolicy!.Properties.Roles = [r[stopRole]!.Properties.RoleName];
    },
    'ApproversPolicy gives rights outside a role',
  ],
  [
    'a boundary, by which AWS would deny what is allowed here',
    (r) => {
      r[stopRole]!.Properties.PermissionsBoundary = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    },
    `${stopRole} has a boundary that nobody evaluates here`,
  ],
  [
    'a role that nothing uses',
    (r) => {
      r.LeftOverRole = structuredClone(r.RestartInstanceRuleRole!);
      r.LeftOverRole.Properties.RoleName = 'left-over';
    },
    'LeftOverRole is used by nothing: -',
  ],
  [
    'a profile that gives instances another role',
    (r) => {
      r.QuarantineProfile!.Properties.Roles = ['admin'];
    },
    'QuarantineProfile wears a role outside the stack: admin',
  ],
  [
    'a policy attached to a role',
    policy('AWS::IAM::Policy', { Roles: [{ Ref: stopRole }] }),
    'Extra gives rights outside a role: AWS::IAM::Policy',
  ],
  [
    'a policy added to a role',
    policy('AWS::IAM::RolePolicy', { RoleName: { Ref: stopRole } }),
    'Extra gives rights outside a role: AWS::IAM::RolePolicy',
  ],
];
