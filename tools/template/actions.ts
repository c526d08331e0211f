import { type SdkCommand, UnknownCallError } from './sdk-commands';

/** IAM prefix of each SDK client; where the two names differ, the service authorization reference says which. */
const prefixes: Record<string, string> = {
  '@aws-sdk/client-auto-scaling': 'autoscaling',
  '@aws-sdk/client-cloudtrail': 'cloudtrail',
  '@aws-sdk/client-cloudwatch': 'cloudwatch',
  '@aws-sdk/client-cloudwatch-logs': 'logs',
  '@aws-sdk/client-codedeploy': 'codedeploy',
  '@aws-sdk/client-dynamodb': 'dynamodb',
  '@aws-sdk/client-ec2': 'ec2',
  '@aws-sdk/client-elastic-load-balancing-v2': 'elasticloadbalancing',
  '@aws-sdk/client-eventbridge': 'events',
  '@aws-sdk/client-guardduty': 'guardduty',
  '@aws-sdk/client-iam': 'iam',
  '@aws-sdk/client-kms': 'kms',
  '@aws-sdk/client-s3': 's3',
  '@aws-sdk/client-sfn': 'states',
  '@aws-sdk/client-sns': 'sns',
  '@aws-sdk/client-ssm': 'ssm',
  '@aws-sdk/client-wafv2': 'wafv2',
  '@aws-sdk/lib-dynamodb': 'dynamodb',
};

/** Commands that are not called like the action they need. Transactions are left out: what they need is in their items. */
const renamed: Record<string, string> = {
  'dynamodb:Get': 'dynamodb:GetItem',
  'dynamodb:Put': 'dynamodb:PutItem',
  'dynamodb:Update': 'dynamodb:UpdateItem',
  'dynamodb:Delete': 'dynamodb:DeleteItem',
  'dynamodb:BatchGet': 'dynamodb:BatchGetItem',
  'dynamodb:BatchWrite': 'dynamodb:BatchWriteItem',
};

/**
 * The IAM action that a command needs.
 * @throws UnknownCallError for a client or command that nobody has looked up yet
 */
export function actionOf({ client, command }: SdkCommand): string {
  const prefix = prefixes[client];
  if (!prefix || /^dynamodb:(Transact|ExecuteTransaction|PartiQL)/.test(`${prefix}:${command}`)) {
    throw new UnknownCallError(`The IAM action of ${command} of ${client} is not known`);
  }
  return renamed[`${prefix}:${command}`] ?? `${prefix}:${command}`;
}

/** Another action that AWS asks of the caller of one, on the kinds of resources named and with the context it comes with. */
export interface Companion {
  action: string;
  types?: string[];
  context?: Record<string, string>;
}

/** EC2's use of the keys of an instance's volumes. */
const grantOfVolumes: Companion = {
  action: 'kms:CreateGrant',
  context: { 'kms:ViaService': 'ec2.us-east-1.amazonaws.com', 'kms:GrantIsForAWSResource': 'true' },
};

/**
 * What AWS asks of the caller besides the action itself.
 * Sources: "Encrypting Amazon SNS topics" (publishers need both KMS actions; senders to a queue under SQS's own key need
 * none); "Required AWS KMS key policy for use with
 * encrypted volumes" (whoever starts an instance grants EC2 the use of its volumes' keys); "IAM
 * service roles for Amazon Data Lifecycle Manager" (so does whoever takes snapshots of encrypted volumes); "Grant permission to tag
 * resources during creation" (EC2 sets `ec2:CreateAction`); PutMetricAlarm (tags need `cloudwatch:TagResource`); "Grant permissions to replace an instance profile" (PassRole).
 */
export const companions: Record<string, Companion[]> = {
  'sns:Publish': [{ action: 'kms:Decrypt' }, { action: 'kms:GenerateDataKey' }],
  'cloudwatch:PutMetricAlarm': [{ action: 'cloudwatch:TagResource', types: ['alarm'] }],
  'ec2:StartInstances': [grantOfVolumes],
  'ec2:CreateSnapshots': [
    grantOfVolumes,
    { action: 'ec2:CreateTags', types: ['snapshot'], context: { 'ec2:CreateAction': 'CreateSnapshots' } },
  ],
  'ec2:CreateSecurityGroup': [
    { action: 'ec2:CreateTags', types: ['security-group'], context: { 'ec2:CreateAction': 'CreateSecurityGroup' } },
  ],
  'ec2:ReplaceIamInstanceProfileAssociation': [
    {
      action: 'iam:PassRole',
      context: {
        'iam:PassedToService': 'ec2.amazonaws.com',
        'iam:AssociatedResourceArn': 'arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0',
      },
    },
  ],
};

/** Kinds of resources that a call of this product touches, where the service authorization reference lists dozens. */
export const touched: Record<string, string[]> = {
  'cloudwatch:PutMetricAlarm': ['alarm'],
  'ec2:CreateTags': ['instance'],
  'ec2:DeleteTags': ['instance'],
  'ec2:CreateSecurityGroup': ['security-group', 'vpc'],
  'ec2:ModifyNetworkInterfaceAttribute': ['network-interface', 'security-group'],
  'ec2:AssociateAddress': ['elastic-ip', 'network-interface'],
  'ec2:DisassociateAddress': ['elastic-ip', 'network-interface'],
  'ec2:AuthorizeSecurityGroupEgress': ['security-group'],
  'ec2:AuthorizeSecurityGroupIngress': ['security-group'],
  'ec2:RevokeSecurityGroupEgress': ['security-group'],
  's3:PutObject': ['object'],
  'ssm:SendCommand': ['document', 'instance'],
};

/** Tracing, by "Lambda and X-Ray" and "X-Ray and Step Functions". */
export const tracingActions = {
  function: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  machine: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
};

/** Logging of a machine, by "Logging in CloudWatch Logs" of the Step Functions guide. */
export const machineLogActions = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

/** Reads that stand on `*` although the service authorization reference names a resource for them, each with its reason. */
export const onEverything: Record<string, string> = {
  'cloudwatch:DescribeAlarms': 'composite alarms are told to those alone who may describe on `*`',
  'cloudwatch:ListMetrics': 'the resource is a dataset, which this product has none of; a metric has no ARN',
  'cloudwatch:GetMetricData': 'the resource is a dataset, which this product has none of; a metric has no ARN',
  'ssm:DescribeInstancePatchStates': 'one call reads many instances, and `*` reads no more than all of this account',
};

/** Actions that AWS documents and the package with the service authorization reference does not have yet. */
export const newActions: Record<string, string[]> = {
  'cloudwatch:DescribeAlarmContributors': ['alarm'],
};
