import { account, type Planted, roleOf, statement, widen } from './statements';

const foreign = (role: string, action: string, arn: string) =>
  `${role} is allowed on what is none of its business: ${action} on ${arn}`;
const inStack = (service: string, name: string) => `arn:aws:${service}:us-east-1:111122223333:${name}`;
/** A role that may act on more than it should, and a resource on which it then may. */
const wide = (name: string, action: string, resource: string, example: string): Planted => {
  const role = /Role$/.test(name) ? name : roleOf(name);
  return [`${action} on ${resource}`, widen(role, action, resource), foreign(role, action, example)];
};

const bucket = 'arn:aws:s3:::incident-playbooks-dev-evidencebucket';

/** Patterns of resources that match more than the stack's own. */
export const resources: Planted[] = [
  wide('LockEvidence', 's3:PutObject', `${bucket}/*`, `${bucket}/elsewhere/x`),
  wide('LockEvidence', 's3:PutObject', 'arn:aws:s3:::*/isolations/*', `${bucket}-other/isolations/x`),
  wide('StopInstance', 'dynamodb:PutItem', inStack('dynamodb', 'table/*'), inStack('dynamodb', 'table/foreign')),
  wide(
    'StopInstance',
    'dynamodb:PutItem',
    inStack('dynamodb', 'table/incident-playbooks-dev-incidents*'),
    inStack('dynamodb', 'table/incident-playbooks-dev-incidents-other'),
  ),
  wide(
    'StopInstance',
    'dynamodb:PutItem',
    'arn:aws:dynamodb:us-east-1:*:table/incident-playbooks-dev-incidents',
    'arn:aws:dynamodb:us-east-1:999988887777:table/incident-playbooks-dev-incidents',
  ),
  wide(
    'StopInstance',
    'ec2:StopInstances',
    'arn:aws:ec2:*:*:instance/*',
    'arn:aws:ec2:us-east-1:999988887777:instance/i-',
  ),
  wide('SendNotice', 'sns:Publish', 'arn:aws:sns:*:*:*', inStack('sns', 'foreign')),
  wide('SendNotice', 'kms:Decrypt', 'arn:aws:kms:us-east-1:*:key/*', inStack('kms', 'key/foreign')),
  wide(
    'AddIpSetEntry',
    'wafv2:UpdateIPSet',
    inStack('wafv2', 'regional/ipset/*'),
    'arn:aws:wafv2:us-east-1:111122223333:',
  ),
  wide('AddAclEntry', 'ec2:CreateNetworkAclEntry', `${account}:network-acl/*`, `${account}:network-acl/foreign`),
  wide(
    'StartPatching',
    'ssm:SendCommand',
    'arn:aws:ssm:us-east-1::document/*',
    'arn:aws:ssm:us-east-1::document/AWS-Foreign',
  ),
  wide(
    'EnrolInstance',
    'cloudwatch:PutMetricAlarm',
    inStack('cloudwatch', 'alarm:*'),
    inStack('cloudwatch', 'alarm:foreign'),
  ),
  wide('SwapProfile', 'iam:PassRole', 'arn:aws:iam::111122223333:role/*', 'arn:aws:iam::111122223333:role/foreign'),
  wide('StopInstance', 'logs:PutLogEvents', inStack('logs', 'log-group:*'), inStack('logs', 'log-group:/aws/lambda/')),
  wide(
    'StopInstance',
    'logs:PutLogEvents',
    inStack('logs', 'log-group:/aws/lambda/incident-playbooks-dev:*'),
    inStack('logs', 'log-group:/aws/lambda/incident-playbooks-dev:log-stream:'),
  ),
  wide(
    'RestartInstanceStateMachineRole',
    'lambda:InvokeFunction',
    inStack('lambda', 'function:*'),
    inStack('lambda', 'function:foreign'),
  ),
  wide(
    'RestartInstanceStateMachineRole',
    'lambda:InvokeFunction',
    inStack('lambda', 'function:incident-playbooks-dev-*'),
    inStack('lambda', 'function:incident-playbooks-dev-quarantine-interface'),
  ),
  wide(
    'RestartInstanceRuleRole',
    'states:StartExecution',
    inStack('states', 'stateMachine:*'),
    inStack('states', 'stateMachine:foreign'),
  ),
  [
    'a role of any account that goes back to an instance',
    widen(roleOf('RestoreInstance'), 'iam:PassRole', 'arn:aws:iam::*:role/*'),
    `${roleOf('RestoreInstance')} may pass a role that the stage does not name: iam:PassRole on arn:aws:iam::*:role/*`,
  ],
  [
    'any role, where the stage names some',
    (resources) => {
      for (const { Properties } of Object.values(resources)) {
        const { Variables } = (Properties?.Environment ?? {}) as { Variables?: Record<string, string> };
        if (Variables?.INSTANCE_ROLES) Variables.INSTANCE_ROLES = 'web-*,batch/*';
      }
    },
    `${roleOf('RestoreInstance')} may pass a role that the stage does not name: iam:PassRole on arn:aws:iam::111122223333:role/*`,
  ],
  [
    'a rule that may start another machine',
    widen('RestartInstanceRuleRole', 'states:StartExecution', { Ref: 'PatchInstanceStateMachine' }),
    `RestartInstanceRuleRole is allowed what it never calls: states:StartExecution on ${inStack('states', 'stateMachine:incident-playbooks-dev-patch-instance')}`,
  ],
  [
    'everything where one table would do',
    widen(roleOf('StopInstance'), 'dynamodb:PutItem', '*'),
    `${roleOf('StopInstance')} is allowed on everything what AWS knows resources for: dynamodb:PutItem on *`,
  ],
  [
    'alarms of one playbook only, where enrolment makes those of two',
    (r) => {
      const put = statement(r, roleOf('EnrolInstance'), 'cloudwatch:PutMetricAlarm');
      put.Resource = (put.Resource as unknown[]).slice(0, 1);
    },
    'EnrolInstanceLambdaFunction calls without being allowed: cloudwatch:PutMetricAlarm on arn:aws:cloudwatch:us-east-1:111122223333:alarm:isolate-instance-dev-',
  ],
  [
    'a query of the index whose right is for the table alone',
    widen(roleOf('ReviewIncidents'), 'dynamodb:Query', { 'Fn::GetAtt': ['IncidentsTable', 'Arn'] }),
    `ReviewIncidentsLambdaFunction calls without being allowed: dynamodb:Query on ${inStack('dynamodb', 'table/incident-playbooks-dev-incidents/index/by-opened')}`,
  ],
];
