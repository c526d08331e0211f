import { resolveTemplate } from '../../../drill/stack/resolve';
import type { StackResource } from '../../../drill/stack/template';
import type { Stack } from '../roles';
import { place } from '../samples';
import { alarmsOf, rulesBy, rulesLeavingIn, takersOf, topicsOf } from './callers';
import type { Check } from './model';
import { valueAt } from './model';
import { judgePolicy } from './principals';

type Judge = (resource: StackResource, stack: Stack) => string[];
const listAt = ({ properties }: StackResource, name: string) => (properties[name] ?? []) as string[];

/** Who may reach each kind of resource. What has a policy, and is not here, is judged by nobody. */
const judges: Record<string, Judge> = {
  'AWS::IAM::Role': (role, stack) => judgePolicy(role.properties.AssumeRolePolicyDocument, takersOf(role, stack)),
  'AWS::KMS::Key': ({ properties }, stack) => judgePolicy(properties.KeyPolicy, alarmsOf(stack)),
  'AWS::S3::BucketPolicy': ({ properties }) => judgePolicy(properties.PolicyDocument, []),
  'AWS::SNS::TopicPolicy': (policy, stack) =>
    judgePolicy(policy.properties.PolicyDocument, alarmsOf(stack, listAt(policy, 'Topics'))),
  'AWS::SQS::QueuePolicy': (policy, stack) => {
    const urls = listAt(policy, 'Queues');
    const queues = [...stack.values()].filter(({ ref }) => urls.includes(ref)).map(({ arn }) => arn);
    return judgePolicy(policy.properties.PolicyDocument, rulesLeavingIn(queues, stack));
  },
  'AWS::Lambda::Permission': judgePermission,
  'AWS::Lambda::Url': ({ properties }) => (properties.AuthType === 'AWS_IAM' ? [] : ['is a public address']),
  'AWS::S3::Bucket': ({ properties }) =>
    ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].every(
      (name) => valueAt(properties.PublicAccessBlockConfiguration, name) === true,
    )
      ? []
      : ['does not block all public access'],
};

/** Only rules and topics of the stack invoke a function by a permission, each the function that is its target. */
function judgePermission({ properties }: StackResource, stack: Stack): string[] {
  const { Action, FunctionName, Principal, SourceArn } = properties;
  const rules = rulesBy(stack, ({ Arn }) => Arn === FunctionName).map(({ arn }) => arn);
  const topics = topicsOf(stack, ({ Protocol, Endpoint }) => Protocol === 'lambda' && Endpoint === FunctionName);
  const isRule = Principal === 'events.amazonaws.com' && rules.includes(String(SourceArn));
  const isTopic = Principal === 'sns.amazonaws.com' && topics.includes(String(SourceArn));
  return (isRule || isTopic) && Action === 'lambda:InvokeFunction'
    ? []
    : ['lets somebody else than a rule of the stack in'];
}

const judgeOther: Judge = ({ type, properties }) =>
  /(Policy|Permission)$/.test(type) || /"Statement":.*"Principal":/.test(JSON.stringify(properties))
    ? ['has a policy that nobody judges']
    : [];

/** Nothing of the stack can be reached by the public, by another account, or by a service that acts for one. */
export const access: Check = (template) => {
  const stack = resolveTemplate({ Mappings: {}, ...template }, place);
  return [...stack.values()].flatMap((resource) =>
    (judges[resource.type] ?? judgeOther)(resource, stack).map((what) => ({ at: resource.logicalId, what })),
  );
};
