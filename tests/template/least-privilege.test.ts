import { devTemplate, iamFindings, type Mistake } from './packaged';

type Statement = { Effect: string; Action: string[] | string; Resource: unknown; Condition?: Record<string, unknown> };
type Resources = Parameters<Mistake>[0];

type Policies = { PolicyDocument: { Statement: Statement[] } }[];

const statementsOf = (resources: Resources, role: string): Statement[] =>
  (resources[role]!.Properties.Policies as Policies)[0]!.PolicyDocument.Statement;
/** The statement of a role that allows (or denies) an action. */
const statement = (resources: Resources, role: string, action: string, effect = 'Allow') =>
  statementsOf(resources, role).find((one) => one.Effect === effect && [one.Action].flat().includes(action))!;
const stopRole = 'StopInstanceIamRoleLambdaExecution';
const instances = 'arn:aws:ec2:us-east-1:111122223333:instance/*';
const anInstance = 'arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0';

test('every function, machine and rule may do what it calls, and nothing else', async () => {
  expect(await iamFindings(await devTemplate())).toEqual([]);
});

describe('a planted mistake is found:', () => {
  test.each<[string, Mistake, string]>([
    [
      'an action that is missing',
      (r) =>
        statementsOf(r, stopRole).splice(
          statementsOf(r, stopRole).indexOf(statement(r, stopRole, 'ec2:StopInstances')),
          1,
        ),
      `StopInstanceLambdaFunction calls without being allowed: ec2:StopInstances on ${anInstance}`,
    ],
    [
      'an action too many',
      (r) => {
        statement(r, stopRole, 'ec2:StopInstances').Action = ['ec2:StopInstances', 'ec2:TerminateInstances'];
      },
      `${stopRole} is allowed what it never calls: ec2:TerminateInstances on ${instances}`,
    ],
    [
      'terminating, which nobody may do',
      (r) => {
        statement(r, stopRole, 'ec2:StopInstances').Action = ['ec2:StopInstances', 'ec2:TerminateInstances'];
      },
      `${stopRole} terminates an instance: ec2:TerminateInstances on ${anInstance}`,
    ],
    [
      'the condition on the opt-in tag that was dropped',
      (r) => {
        delete statement(r, stopRole, 'ec2:StopInstances').Condition;
      },
      `${stopRole} acts on an instance without tags: ec2:StopInstances on ${anInstance}`,
    ],
    [
      'a condition on a tag whose name was never filled in',
      (r) => {
        const stop = statement(r, stopRole, 'ec2:StopInstances');
        stop.Condition = { StringEquals: { 'aws:ResourceTag/${param:optInTag}': 'true' } };
      },
      `StopInstanceLambdaFunction calls without being allowed: ec2:StopInstances on ${anInstance}`,
    ],
    [
      'the refusal of protected instances that was dropped',
      (r) =>
        statementsOf(r, stopRole).splice(
          statementsOf(r, stopRole).indexOf(statement(r, stopRole, 'ec2:StopInstances', 'Deny')),
          1,
        ),
      `${stopRole} acts on a protected instance: ec2:StopInstances on ${anInstance}`,
    ],
    [
      'instances of every account',
      (r) => {
        statement(r, stopRole, 'ec2:StopInstances').Resource = 'arn:aws:ec2:*:*:instance/*';
      },
      `${stopRole} acts on an instance of another account: ec2:StopInstances on arn:aws:ec2:us-east-1:999988887777:instance/i-0123456789abcdef0`,
    ],
    [
      'tagging without a list of keys, by which a step could opt an instance in',
      (r) => {
        const role = 'MarkInstanceIamRoleLambdaExecution';
        const tag = statement(r, role, 'ec2:CreateTags');
        tag.Condition = { StringEquals: tag.Condition!.StringEquals };
        const all = statementsOf(r, role);
        all.splice(0, all.length, ...all.filter((one) => !JSON.stringify(one).includes('ForAnyValue')));
      },
      `MarkInstanceIamRoleLambdaExecution changes what protects an instance: ec2:CreateTags on ${anInstance}`,
    ],
    [
      'a grant that is not for EC2 alone',
      (r) => {
        delete statement(r, 'StartInstanceIamRoleLambdaExecution', 'kms:CreateGrant').Condition;
      },
      'StartInstanceIamRoleLambdaExecution grants the use of a key outside EC2: kms:CreateGrant on arn:aws:kms:us-east-1:111122223333:key/sample',
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
      'a rule that may start another machine',
      (r) => {
        statement(r, 'RestartInstanceRuleRole', 'states:StartExecution').Resource = {
          Ref: 'PatchInstanceStateMachine',
        };
      },
      'RestartInstanceRuleRole is allowed what it never calls: states:StartExecution on arn:aws:states:us-east-1:111122223333:stateMachine:incident-playbooks-dev-patch-instance',
    ],
    [
      'everything where one table would do',
      (r) => {
        statement(r, stopRole, 'dynamodb:PutItem').Resource = '*';
      },
      `${stopRole} is allowed on everything what AWS knows resources for: dynamodb:PutItem on *`,
    ],
    [
      'a pattern of actions',
      (r) => {
        statement(r, stopRole, 'dynamodb:PutItem').Action = 'dynamodb:*';
      },
      `${stopRole} is allowed a pattern of actions: dynamodb:*`,
    ],
    [
      'the rights of this stack’s own roles, which a step could widen',
      (r) => {
        const role = 'RevokeSessionsIamRoleLambdaExecution';
        statementsOf(r, role).splice(statementsOf(r, role).indexOf(statement(r, role, 'iam:PutRolePolicy', 'Deny')), 1);
      },
      'RevokeSessionsIamRoleLambdaExecution widens a role of this stack: iam:PutRolePolicy',
    ],
    [
      'a policy on any role of the account',
      (r) => {
        delete statement(r, 'RevokeSessionsIamRoleLambdaExecution', 'iam:PutRolePolicy').Condition;
      },
      'RevokeSessionsIamRoleLambdaExecution writes a policy on a role that did not opt in: iam:PutRolePolicy',
    ],
    [
      'alarms of one playbook only, where enrolment makes those of two',
      (r) => {
        const put = statement(r, 'EnrolInstanceIamRoleLambdaExecution', 'cloudwatch:PutMetricAlarm');
        put.Resource = (put.Resource as unknown[]).slice(0, 1);
      },
      'EnrolInstanceLambdaFunction calls without being allowed: cloudwatch:PutMetricAlarm on arn:aws:cloudwatch:us-east-1:111122223333:alarm:isolate-instance-dev-',
    ],
    [
      'a query of the index whose right is for the table alone',
      (r) => {
        statement(r, 'ReviewIncidentsIamRoleLambdaExecution', 'dynamodb:Query').Resource = {
          'Fn::GetAtt': ['IncidentsTable', 'Arn'],
        };
      },
      'ReviewIncidentsLambdaFunction calls without being allowed: dynamodb:Query on arn:aws:dynamodb:us-east-1:111122223333:table/incident-playbooks-dev-incidents/index/by-opened',
    ],
    [
      'a Distributed Map that may not start its items',
      (r) => {
        const statements = statementsOf(r, 'PatrolFleetStateMachineRole');
        statements.splice(statements.indexOf(statement(r, 'PatrolFleetStateMachineRole', 'states:StartExecution')), 1);
      },
      'PatrolFleetStateMachine calls without being allowed: states:StartExecution',
    ],
    [
      'a policy that AWS manages',
      (r) => {
        r[stopRole]!.Properties.ManagedPolicyArns = ['arn:aws:iam::aws:policy/AdministratorAccess'];
      },
      `${stopRole} has a managed policy: arn:aws:iam::aws:policy/AdministratorAccess`,
    ],
    [
      'a role that nothing uses',
      (r) => {
        r.LeftOverRole = structuredClone(r.RestartInstanceRuleRole!);
        r.LeftOverRole.Properties.RoleName = 'left-over';
      },
      'LeftOverRole is used by nothing: -',
    ],
  ])('%s', async (_what, mistake, finding) => {
    const findings = await iamFindings(await devTemplate(mistake));

    expect(findings).toContainEqual(expect.stringContaining(finding));
  });
});
