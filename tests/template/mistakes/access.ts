import { letIn, type PlantedIn, set } from './plants';

const outsider = { AWS: 'arn:aws:iam::999988887777:root' };
const allow = (Principal: unknown, Action = 'sts:AssumeRole') => ({
  Effect: 'Allow',
  Principal,
  Action,
  Resource: '*',
});
const trust = 'Properties.AssumeRolePolicyDocument';
const ruleTrust = `${trust}.Statement.0.Condition`;
const everybody = { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }] };
const anyAccount = { Statement: [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' } }] };

/** Policies by which somebody else than this account, or a service for somebody else, gets in. */
export const access: PlantedIn[] = [
  [
    'a queue for everybody',
    set('DeadLetterQueuePolicy', 'Properties.PolicyDocument', everybody),
    'access: DeadLetterQueuePolicy is open',
  ],
  [
    'a role for any account’s rules',
    set('PatrolFleetRuleRole', 'Properties.AssumeRolePolicyDocument', anyAccount),
    'access: PatrolFleetRuleRole may be used',
  ],
  [
    'a function that any rule may invoke',
    set('InstanceTagPermission', 'Properties.SourceArn', undefined),
    'access: InstanceTagPermission',
  ],
  [
    'a function that another account may invoke',
    (r) => {
      const Properties = { FunctionName: 'f', Principal: '999988887777', SourceAccount: '999988887777' };
      r.P = { Type: 'AWS::Lambda::Permission', Properties };
    },
    'access: P lets somebody else than a rule of the stack in',
  ],
  [
    'a function that the rule of another function may invoke',
    set('InstanceTagPermission', 'Properties.SourceArn', { 'Fn::GetAtt': ['PatrolFleetRule', 'Arn'] }),
    'access: InstanceTagPermission lets somebody else',
  ],
  [
    'a function that any topic may invoke',
    set('SendChatPermission', 'Properties.SourceArn', undefined),
    'access: SendChatPermission lets somebody else',
  ],
  [
    'a function that a topic may invoke to which it is not subscribed',
    set('SendChatPermission', 'Properties.SourceArn', { Ref: 'ChatTopic' }),
    'access: SendChatPermission lets somebody else',
  ],
  [
    'a role for another account',
    letIn('StopInstanceIamRoleLambdaExecution', trust, allow(outsider)),
    'access: StopInstanceIamRoleLambdaExecution lets arn:aws:iam::999988887777:root in',
  ],
  [
    'a role of a function for a second service',
    letIn(
      'StopInstanceIamRoleLambdaExecution',
      trust,
      allow({ Service: ['lambda.amazonaws.com', 'ssm.amazonaws.com'] }),
    ),
    'access: StopInstanceIamRoleLambdaExecution lets ssm.amazonaws.com in',
  ],
  [
    'a role for all rules of the account',
    set('PatrolFleetRuleRole', `${ruleTrust}.ArnEquals`, {}),
    'access: PatrolFleetRuleRole may be used by events.amazonaws.com for anything of the account',
  ],
  [
    'a role for rules of whichever account',
    set('PatrolFleetRuleRole', `${ruleTrust}.StringEquals`, {}),
    'access: PatrolFleetRuleRole does not ask events.amazonaws.com for which account it acts',
  ],
  [
    'a role for rules that a pattern names',
    set('PatrolFleetRuleRole', `${ruleTrust}.ArnEquals`, { 'aws:SourceArn': 'arn:aws:events:*:*:rule/*' }),
    'access: PatrolFleetRuleRole may be used by a service for arn:aws:events:*:*:rule/*',
  ],
  [
    'a role that its own rule cannot use',
    set('PatrolFleetRuleRole', `${ruleTrust}.ArnEquals`, {
      'aws:SourceArn': 'arn:aws:events:us-east-1:111122223333:rule/incident-playbooks-dev-patrol',
    }),
    'access: PatrolFleetRuleRole cannot be used for arn:aws:events:us-east-1:111122223333:rule/incident-playbooks-dev-patrol-fleet',
  ],
  [
    'a role for machines of any account',
    set('RestartInstanceStateMachineRole', ruleTrust, undefined),
    'access: RestartInstanceStateMachineRole may be used by a service on behalf of any account',
  ],
  [
    'a topic for another account',
    letIn('NoticesTopicPolicy', 'Properties.PolicyDocument', allow({ AWS: '999988887777' }, 'sns:*')),
    'access: NoticesTopicPolicy lets 999988887777 in',
  ],
  [
    'a key for another account',
    letIn('NoticesKey', 'Properties.KeyPolicy', allow(outsider, 'kms:*')),
    'access: NoticesKey lets arn:aws:iam::999988887777:root in',
  ],
  [
    'a bucket for another account',
    letIn('ServerlessDeploymentBucketPolicy', 'Properties.PolicyDocument', allow(outsider, 's3:*')),
    'access: ServerlessDeploymentBucketPolicy lets arn:aws:iam::999988887777:root in',
  ],
  [
    'a policy of a kind that nobody judges',
    (r) => {
      const Properties = { PolicyName: 'x', PolicyDocument: '{"Statement":[]}' };
      r.Logs = { Type: 'AWS::Logs::ResourcePolicy', Properties };
    },
    'access: Logs has a policy that nobody judges',
  ],
  [
    'a public function',
    (r) => {
      r.Url = { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE' } };
    },
    'access: Url is a public',
  ],
  [
    'a URL that everybody may use',
    set('AnswerUrlPermission', 'Properties.Principal', '*'),
    'access: AnswerUrlPermission lets somebody else',
  ],
  [
    'a URL that another account may use',
    set('AnswerInvokePermission', 'Properties.Principal', '999988887777'),
    'access: AnswerInvokePermission lets somebody else',
  ],
  [
    'a URL without a signature',
    set('AnswerUrlPermission', 'Properties.FunctionUrlAuthType', 'NONE'),
    'access: AnswerUrlPermission lets this account past the function URL',
  ],
  [
    'a direct invocation',
    set('AnswerInvokePermission', 'Properties.InvokedViaFunctionUrl', undefined),
    'access: AnswerInvokePermission lets this account past the function URL',
  ],
  [
    'people who may invoke the function directly',
    set('ApproversPolicy', 'Properties.PolicyDocument.Statement.1.Condition', {}),
    'access: ApproversPolicy lets people do more',
  ],
  [
    'people who may use any function',
    set('ApproversPolicy', 'Properties.PolicyDocument.Statement.0.Resource', '*'),
    'access: ApproversPolicy lets people do more',
  ],
];
