import type { StackResource } from '../../../drill/stack/template';
import { isOfChannel, resourcesOf, type Stack } from '../roles';

/** A service that has to reach a resource of the stack, and for which of the stack's resources it does. */
export interface Caller {
  service: string;
  /** Undefined for Lambda, EC2 and the chat service, which take a role for their own resource only and send no source with it. */
  sources?: string[];
  /** EventBridge sends a queue the rule alone: "Amazon SQS permissions" of its guide. */
  hasAccount?: boolean;
}

type Lists = Record<string, string[] | undefined>;
const listsOf = ({ properties }: StackResource) => properties as Lists;

/** The services that take a role of the stack, by what wears it. */
export function takersOf({ arn }: StackResource, stack: Stack): Caller[] {
  const wearing = (type: string, property: string) =>
    resourcesOf(stack, type).filter(({ properties }) => properties[property] === arn);
  const profiles = resourcesOf(stack, 'AWS::IAM::InstanceProfile').flatMap((profile) => listsOf(profile).Roles ?? []);
  const machines = wearing('AWS::StepFunctions::StateMachine', 'RoleArn');
  const rules = rulesBy(stack, (target) => target.RoleArn === arn);
  const takers: (Caller | undefined)[] = [
    wearing('AWS::Lambda::Function', 'Role').length > 0 ? { service: 'lambda' } : undefined,
    profiles.some((name) => arn.endsWith(`/${name}`)) ? { service: 'ec2' } : undefined,
    isOfChannel({ arn }, stack) ? { service: 'chatbot' } : undefined,
    called('states', machines, true),
    called('events', rules, true),
  ];
  return takers.filter((taker) => taker !== undefined);
}

/** Alarms that publish to a topic, or to any: those send through the key under which topics of the stack are, too. */
export function alarmsOf(stack: Stack, topics?: string[]): Caller[] {
  const actions = ['AlarmActions', 'OKActions', 'InsufficientDataActions'];
  const alarms = resourcesOf(stack, 'AWS::CloudWatch::Alarm').filter((alarm) =>
    actions.some((name) => listsOf(alarm)[name]?.some((arn) => topics?.includes(arn) ?? true)),
  );
  return [called('cloudwatch', alarms, true)].filter((caller) => caller !== undefined);
}

/** Rules that leave in a queue what they could not deliver. */
export function rulesLeavingIn(queues: string[], stack: Stack): Caller[] {
  const rules = rulesBy(stack, ({ DeadLetterConfig }) => queues.includes(String((DeadLetterConfig as Lists)?.Arn)));
  return [called('events', rules, false)].filter((caller) => caller !== undefined);
}

/** Rules with such a target. */
export function rulesBy(stack: Stack, isMeant: (target: Record<string, unknown>) => boolean): StackResource[] {
  return resourcesOf(stack, 'AWS::Events::Rule').filter(({ properties }) =>
    ((properties.Targets ?? []) as Record<string, unknown>[]).some(isMeant),
  );
}

/** The ARNs of the stack's own topics with such a subscription. */
export function topicsOf(stack: Stack, isMeant: (subscription: Record<string, unknown>) => boolean): string[] {
  const subscribed = resourcesOf(stack, 'AWS::SNS::Subscription').filter(({ properties }) => isMeant(properties));
  const own = resourcesOf(stack, 'AWS::SNS::Topic').map(({ arn }) => arn);
  return subscribed.map(({ properties }) => String(properties.TopicArn)).filter((arn) => own.includes(arn));
}

function called(service: string, resources: StackResource[], hasAccount: boolean): Caller | undefined {
  return resources.length > 0 ? { service, sources: resources.map(({ arn }) => arn), hasAccount } : undefined;
}
