import { onEverything } from './actions';
import type { Actor } from './actors';
import { type ContextOf, type Finding, requestsOf } from './least-privilege';
import { type Role, resourcesOf, type Stack } from './roles';
import { arnOfKind, kindsOf, named, place } from './samples';
import { isAllowed, type Request } from './simulate';

/** Kinds of resources that belong to the account, of which a step learns at run time with which it has to do. */
const ofTheAccount: Record<string, string> = {
  'ec2:instance': 'an owner opts an instance in by its tag',
  'ssm:instance': 'the same instance, as a target of commands',
  'ec2:volume': 'an instance has its own',
  'ec2:snapshot': 'each is made anew',
  'ec2:network-interface': 'an instance has its own',
  'ec2:security-group': 'an instance has its own, and a quarantine makes its own',
  'ec2:elastic-ip': 'an instance has its own',
  'ec2:vpc': 'a quarantine group stands in the VPC of its instance',
  'autoscaling:autoScalingGroup': 'an instance belongs to one or none',
  'elasticloadbalancing:targetgroup': 'an instance is registered with some or none',
  'iam:instance-profile': 'an instance has its own, and it is only read',
  'codedeploy:deploymentgroup': 'any deployment may be to an instance of the fleet, and it is only read',
};

/** Actions on resources of the account that the product cannot name, each with its reason; with a role, for that role alone. */
const ofTheAccountFor: Record<string, string> = {
  'cloudwatch:DescribeAlarms': 'any alarm may stand beside a playbook, and it is only read',
  'cloudwatch:DescribeAlarmContributors': 'any alarm may start a playbook, and it is only read',
  'ec2:GetManagedPrefixListEntries': 'any list may have the range that is to be blocked, and it is only read',
  'kms:CreateGrant': 'volumes are under any key; the grant is for EC2 alone',
  'kms:DescribeKey': 'volumes are under any key, and only metadata is read',
  'iam:PutRolePolicy': 'an instance has any role; its owner opts the role in by its tag',
  'iam:DeleteRolePolicy': 'an instance has any role; its owner opts the role in by its tag',
  'ssm:TerminateSession':
    'a session has an ID of its own, and no tag of its instance; the step ends those of its instance',
  'RestoreInstanceIamRoleLambdaExecution iam:PassRole': 'the role that goes back is the one that the record names',
};

/** Keys of volumes may be another account's. */
const inAnyAccount = ['kms:CreateGrant', 'kms:DescribeKey'];

/** The kinds that the stack has resources of, what a request for one looks like, and for what is another's within one that is called. */
const kindsOfStack: Record<
  string,
  { type: string; requests?: (arn: string) => string[]; within?: (arn: string) => string[] }
> = {
  'cloudwatch:alarm': { type: 'AWS::CloudWatch::Alarm' },
  'dynamodb:table': { type: 'AWS::DynamoDB::Table' },
  'iam:role': { type: 'AWS::IAM::Role' },
  'kms:key': { type: 'AWS::KMS::Key' },
  'lambda:function': { type: 'AWS::Lambda::Function', requests: (arn) => [arn, `${arn}:1`] },
  'logs:log-group': { type: 'AWS::Logs::LogGroup' },
  // Functions share a group, each with streams of its own name.
  'logs:log-stream': {
    type: 'AWS::Logs::LogGroup',
    requests: (arn) => [`${arn.replace(/:\*$/, '')}:log-stream:x`],
    within: (arn) => [`${arn.replace(/:\*$/, '')}:log-stream:2026/01/01/another-function[1][0123]`],
  },
  // Objects outside the prefix, and under it in a bucket of a name that begins alike.
  's3:object': {
    type: 'AWS::S3::Bucket',
    requests: (arn) => [arn.endsWith('-other') ? `${arn}/isolations/x` : `${arn}/elsewhere/x`],
  },
  'sns:topic': { type: 'AWS::SNS::Topic' },
  'sqs:queue': { type: 'AWS::SQS::Queue' },
  'states:statemachine': { type: 'AWS::StepFunctions::StateMachine' },
  'wafv2:ipset': { type: 'AWS::WAFv2::IPSet' },
};

/**
 * Asks a role, for each action that it is allowed, for resources that are none of its business: of a made-up name, of
 * another account or region, and those of the stack that its wearers don't call.
 */
export async function findForeign(role: Role, users: Actor[], stack: Stack, contextOf: ContextOf): Promise<Finding[]> {
  const allowed = role.statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
  const findings: Finding[] = [];
  // A pattern of actions is a finding by itself.
  for (const action of new Set(allowed.filter((name) => !name.includes('*') && !(name in onEverything)))) {
    const calls = users.flatMap((user) => user.calls).filter((call) => call.action === action);
    const own = (await Promise.all(calls.map((call) => requestsOf(call, stack, contextOf)))).flat(2);
    const kinds = (await Promise.all(calls.map(({ types }) => kindsOf(action, types)))).flat();
    if (kinds.length === 0) continue;
    const context = Object.assign({}, ...own.map((request) => request.context)) as Request['context'];
    for (const resource of await foreignTo(role, action, own, new Set(kinds), stack)) {
      if (!(await isAllowed(role.statements, { action, resource, context }, role.arn))) continue;
      findings.push({ who: role.logicalId, what: 'is allowed on what is none of its business', action, resource });
    }
  }
  return findings;
}

async function foreignTo(role: Role, action: string, own: Request[], kinds: Set<string>, stack: Stack) {
  const resources = [...new Set(own.map(({ resource }) => resource))];
  const isAny = action in ofTheAccountFor || `${role.logicalId} ${action}` in ofTheAccountFor;
  const found = elsewhere(resources, inAnyAccount.includes(action));
  for (const kind of kinds) {
    if (isAny || kind in ofTheAccount) continue;
    found.push(await arnOfKind(kind, 'foreign'), ...othersOf(kind, resources, stack));
    found.push(...(named[kind] ?? []).map((arn) => arn.replace(/[^/:]*(:\*)?$/, 'AWS-Foreign$1')));
  }
  return new Set(found.filter((resource) => !resources.includes(resource)));
}

/** The same resources in another account, and in another region. */
function elsewhere(resources: string[], anyAccount: boolean): string[] {
  const region = `:${place.region}:`;
  const account = `:${place.account}:`;
  return resources.flatMap((arn) => [
    ...(arn.includes(region) ? [arn.replace(region, ':eu-west-1:')] : []),
    ...(arn.includes(account) && !anyAccount ? [arn.replace(account, ':999988887777:')] : []),
  ]);
}

/** The stack's resources of a kind that are not called, and such as are only called alike. */
function othersOf(kind: string, called: string[], stack: Stack): string[] {
  const { type, requests = (arn: string) => [arn], within = () => [] } = kindsOfStack[kind] ?? {};
  if (!type) return [];
  const isCalled = (arn: string) => called.some((one) => one === arn || one.startsWith(`${arn.replace(/:\*$/, '')}:`));
  return resourcesOf(stack, type).flatMap(({ arn }) => [
    ...(isCalled(arn) ? within(arn) : requests(arn)),
    ...requests(`${arn.replace(/:\*$/, '')}-other`),
  ]);
}
