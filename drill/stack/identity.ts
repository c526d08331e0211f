import { partitionOf } from '../../functions/place/partition';
import type { StackPlace } from './template';

/** What CloudFormation answers for a resource: `Ref`, and `Fn::GetAtt` by attribute. */
export interface Identity {
  ref: string;
  arn: string;
  attributes: Record<string, string>;
}

type Kind = {
  service: string;
  nameProperty?: string;
  path?: (name: string) => string;
  refIs?: 'name' | 'arn';
  global?: boolean;
};

/** Kinds whose `Ref` or ARN is used; source: "Return values" of each resource in the CloudFormation template reference. */
const kinds: Record<string, Kind> = {
  'AWS::Lambda::Function': { service: 'lambda', nameProperty: 'FunctionName', path: (name) => `function:${name}` },
  'AWS::Lambda::Version': {
    service: 'lambda',
    nameProperty: 'FunctionName',
    path: (name) => `function:${name.split(':').at(-1)}:1`,
    refIs: 'arn',
  },
  'AWS::Lambda::Url': { service: 'lambda', path: (name) => `url:${name}` },
  'AWS::IAM::ManagedPolicy': {
    service: 'iam',
    nameProperty: 'ManagedPolicyName',
    path: (name) => `policy/${name}`,
    refIs: 'arn',
    global: true,
  },
  'AWS::DynamoDB::Table': { service: 'dynamodb', nameProperty: 'TableName', path: (name) => `table/${name}` },
  'AWS::SNS::Topic': { service: 'sns', nameProperty: 'TopicName', refIs: 'arn' },
  'AWS::SQS::Queue': { service: 'sqs', nameProperty: 'QueueName' },
  'AWS::CloudWatch::Alarm': { service: 'cloudwatch', nameProperty: 'AlarmName', path: (name) => `alarm:${name}` },
  'AWS::CloudWatch::CompositeAlarm': {
    service: 'cloudwatch',
    nameProperty: 'AlarmName',
    path: (name) => `alarm:${name}`,
  },
  'AWS::Events::Rule': { service: 'events', nameProperty: 'Name', path: (name) => `rule/${name}` },
  'AWS::Logs::LogGroup': { service: 'logs', nameProperty: 'LogGroupName', path: (name) => `log-group:${name}:*` },
  'AWS::KMS::Key': { service: 'kms', path: (name) => `key/${name}` },
  'AWS::IAM::Role': { service: 'iam', nameProperty: 'RoleName', path: (name) => `role/${name}`, global: true },
  'AWS::IAM::InstanceProfile': {
    service: 'iam',
    nameProperty: 'InstanceProfileName',
    path: (name) => `instance-profile/${name}`,
    global: true,
  },
  'AWS::WAFv2::IPSet': { service: 'wafv2', nameProperty: 'Name', path: (name) => `regional/ipset/${name}/id-${name}` },
  'AWS::StepFunctions::StateMachine': {
    service: 'states',
    nameProperty: 'StateMachineName',
    path: (name) => `stateMachine:${name}`,
    refIs: 'arn',
  },
};

/** The property that names a resource of this type, when its owner gives it one. */
export function namePropertyOf(type: string): string | undefined {
  return kinds[type]?.nameProperty;
}

/**
 * @param name the resource's own name; without one CloudFormation makes one of stack and logical id
 */
export function identityOf(type: string, logicalId: string, name: string | undefined, place: StackPlace): Identity {
  const made = `${place.stackName}-${logicalId}`;
  // CloudFormation writes the names that it makes for buckets in small letters.
  const physical = name ?? (type === 'AWS::S3::Bucket' ? made.toLowerCase() : made);
  const kind = kinds[type];
  const partition = partitionOf(place.region);
  const service = kind?.service ?? type.split('::')[1]?.toLowerCase() ?? 'unknown';
  const where = kind?.global ? `:${place.account}` : `${place.region}:${place.account}`;
  // The ARN of a bucket names neither region nor account.
  const scope = type === 'AWS::S3::Bucket' ? ':' : where;
  const arn = `arn:${partition.name}:${service}:${scope}:${kind?.path?.(physical) ?? physical}`;
  const url = `https://sqs.${place.region}.${partition.urlSuffix}/${place.account}/${physical}`;
  const ref = service === 'sqs' ? url : kind?.refIs === 'arn' ? arn : physical;
  return {
    ref,
    arn,
    attributes: {
      Arn: arn,
      Id: `id-${physical}`,
      TopicArn: arn,
      QueueUrl: url,
      FunctionUrl: `https://${physical.toLowerCase()}.lambda-url.${place.region}.on.aws/`,
      Name: physical,
      QueueName: physical,
      TopicName: physical,
      // The revision of a machine that was never updated.
      StateMachineRevisionId: 'INITIAL',
    },
  };
}
