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
  'AWS::Events::EventBusPolicy': judgeBus,
  'AWS::IAM::ManagedPolicy': judgePeople,
  'AWS::Lambda::Url': ({ properties }) => (properties.AuthType === 'AWS_IAM' ? [] : ['is a public address']),
  'AWS::S3::Bucket': ({ properties }) =>
    ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].every(
      (name) => valueAt(properties.PublicAccessBlockConfiguration, name) === true,
    )
      ? []
      : ['does not block all public access'],
};

/** What a bus that other accounts may put events on has to ask of them, each by an operator that a missing key does not meet. */
const askedOfSenders: [operator: string, key: string, value: RegExp][] = [
  ['StringEquals', 'aws:PrincipalOrgID', /^o-[a-z0-9]+$/],
  ['StringEquals', 'aws:PrincipalAccount', /^\d{12}$/],
  ['StringEquals', 'events:source', /^aws\.\w+$/],
  ['Bool', 'events:eventBusInvocation', /^true$/],
  ['ArnLike', 'aws:SourceArn', /^arn:[\w-]+:events:[\w-]+:\*:rule\/incident-playbooks-\w+-spoke-\*$/],
];

function judgeBus({ properties }: StackResource): string[] {
  const { Action, Condition = {} } = (properties.Statement ?? {}) as Record<string, unknown>;
  const missing = askedOfSenders.filter(([operator, key, value]) => {
    const given = [(Condition as Record<string, Record<string, unknown>>)[operator]?.[key] ?? []].flat().map(String);
    return given.length === 0 || !given.every((one) => value.test(one));
  });
  return [
    ...(Action === 'events:PutEvents' ? [] : ['lets other accounts do more than put events']),
    ...missing.map(([, key]) => `takes events of anybody’s ${key}`),
  ];
}

/** Only rules and topics of the stack invoke a function by a permission, each the function that is its target; people its URL. */
function judgePermission(permission: StackResource, stack: Stack): string[] {
  const { Action, FunctionName, Principal, SourceArn } = permission.properties;
  const rules = rulesBy(stack, ({ Arn }) => Arn === FunctionName).map(({ arn }) => arn);
  const topics = topicsOf(stack, ({ Protocol, Endpoint }) => Protocol === 'lambda' && Endpoint === FunctionName);
  const isRule = Principal === 'events.amazonaws.com' && rules.includes(String(SourceArn));
  const isTopic = Principal === 'sns.amazonaws.com' && topics.includes(String(SourceArn));
  if ((isRule || isTopic) && Action === 'lambda:InvokeFunction') return [];
  if (String(Principal) !== place.account) return ['lets somebody else than a rule of the stack in'];
  return isOfUrl(permission) ? [] : ['lets this account past the function URL'];
}

/** Whether a permission holds for signed requests to the function's URL alone. */
function isOfUrl({ properties }: StackResource): boolean {
  const { Action, FunctionUrlAuthType, InvokedViaFunctionUrl } = properties;
  if (Action === 'lambda:InvokeFunctionUrl') return FunctionUrlAuthType === 'AWS_IAM';
  return Action === 'lambda:InvokeFunction' && String(InvokedViaFunctionUrl) === 'true';
}

const urlActions: Record<string, Record<string, string>> = {
  'lambda:InvokeFunctionUrl': { 'StringEquals.lambda:FunctionUrlAuthType': 'AWS_IAM' },
  'lambda:InvokeFunction': { 'Bool.lambda:InvokedViaFunctionUrl': 'true' },
  'lambda:GetFunctionUrlConfig': {},
};

/** Whether a statement of a channel's guardrail allows what buttons in that channel call, and nothing else. */
function isOfButtons({ Action, Resource, Condition }: Record<string, unknown>, stack: Stack): boolean {
  const buttons = [...stack.values()].filter(({ type }) => type === 'AWS::Chatbot::CustomAction');
  const criteria = buttons.flatMap(({ properties }) =>
    (properties.Attachments as { Criteria: { Value?: string }[] }[]).flatMap(({ Criteria }) => Criteria),
  );
  const names = criteria.map(({ Value }) => Value);
  const isCalled = (arn: unknown) => names.includes(String(arn).split(':function:')[1]);
  return Action === 'lambda:InvokeFunction' && Condition === undefined && [Resource].flat().every(isCalled);
}

/**
 * A policy for people lets them use the URL of a function that has one, and nothing else; the guardrail of a chat channel
 * lets its buttons work.
 */
function judgePeople({ properties, ref }: StackResource, stack: Stack): string[] {
  const channels = [...stack.values()].filter(({ type }) => type.endsWith('ChannelConfiguration'));
  const isGuardrail = channels.some((channel) => listAt(channel, 'GuardrailPolicies').includes(ref));
  const statements = (valueAt(properties.PolicyDocument, 'Statement') ?? []) as Record<string, unknown>[];
  const withUrl = [...stack.values()]
    .filter(({ type }) => type === 'AWS::Lambda::Url')
    .map((url) => url.properties.TargetFunctionArn);
  const isOfUrls = ({ Action, Resource, Condition = {} }: Record<string, unknown>) => {
    const needed = urlActions[String(Action)];
    const given = Object.entries(Condition as Record<string, Record<string, unknown>>).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, value]) => [`${operator}.${key}`, String(value)] as const),
    );
    return (
      needed !== undefined &&
      withUrl.includes(Resource) &&
      Object.entries(needed).every(([key, value]) => given.some(([one, other]) => one === key && other === value))
    );
  };
  return statements.every((one) => (isGuardrail ? isOfButtons(one, stack) : isOfUrls(one)))
    ? []
    : ['lets people do more than use a function URL'];
}

const judgeOther: Judge = ({ type, properties }) =>
  /(Policy|Permission)$/.test(type) || /"Statement":.*"Principal":/.test(JSON.stringify(properties))
    ? ['has a policy that nobody judges']
    : [];

/** Nothing of the stack can be reached by the public, by another account, or by a service that acts for one. */
export const access: Check = (template) => {
  const stack = resolveTemplate(template, place);
  return [...stack.values()].flatMap((resource) =>
    (judges[resource.type] ?? judgeOther)(resource, stack).map((what) => ({ at: resource.logicalId, what })),
  );
};
