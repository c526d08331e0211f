import { type GuardTags, legitimate, taggedWith } from './contexts';
import type { Finding } from './least-privilege';
import type { Role, Stack } from './roles';
import { place, samplesOf } from './samples';
import { isAllowed, type Request } from './simulate';

const instance = (account = place.account) => `arn:aws:ec2:${place.region}:${account}:instance/i-0123456789abcdef0`;

/** What no role of the stack may do, even to an instance that opted in. */
function never({ optIn, protect }: GuardTags): (Request & { why: string })[] {
  const optedIn = taggedWith({ [optIn]: 'true' });
  const tagging = (key: string) => ({ 'aws:TagKeys': [key], [`aws:RequestTag/${key}`]: 'true' });
  const onInstance = (action: string, why: string, context = {}) => ({
    action,
    why,
    resource: instance(),
    context: { ...optedIn, ...context },
  });
  const account = place.account;
  return [
    onInstance('ec2:TerminateInstances', 'terminates an instance'),
    onInstance('ec2:RunInstances', 'starts an instance of its own'),
    onInstance('ec2:CreateTags', 'opts an instance in', tagging(optIn)),
    onInstance('ec2:CreateTags', 'changes what protects an instance', tagging(protect)),
    onInstance('ec2:DeleteTags', 'takes the protection off an instance', tagging(protect)),
    { action: 'ec2:CreateTags', why: 'opts in an instance that is not', resource: instance(), context: tagging(optIn) },
    {
      action: 'ec2:DeleteVolume',
      why: 'deletes data',
      resource: `arn:aws:ec2:${place.region}:${account}:volume/vol-0123`,
    },
    { action: 'iam:CreateRole', why: 'makes a role', resource: `arn:aws:iam::${account}:role/new` },
    { action: 'iam:AttachRolePolicy', why: 'widens a role', resource: `arn:aws:iam::${account}:role/some` },
    {
      action: 'iam:PutRolePolicy',
      why: 'widens a role of this stack',
      resource: `arn:aws:iam::${account}:role/incident-playbooks-dev-stop-instance`,
      context: optedIn,
    },
    {
      action: 'iam:PutRolePolicy',
      why: 'writes a policy on a role that did not opt in',
      resource: `arn:aws:iam::${account}:role/some`,
    },
    {
      action: 'iam:DeleteRolePolicy',
      why: 'takes a policy off a role that did not opt in',
      resource: `arn:aws:iam::${account}:role/some`,
    },
    {
      action: 'iam:DeleteRolePolicy',
      why: 'takes a policy off a role of this stack',
      resource: `arn:aws:iam::${account}:role/incident-playbooks-dev-quarantine`,
      context: optedIn,
    },
    {
      action: 'kms:CreateGrant',
      why: 'grants the use of a key to somebody else than EC2',
      resource: `arn:aws:kms:${place.region}:${account}:key/sample`,
      context: { 'kms:ViaService': `ec2.${place.region}.amazonaws.com`, 'kms:GrantIsForAWSResource': 'false' },
    },
    {
      action: 'kms:CreateGrant',
      why: 'grants the use of a key outside EC2',
      resource: `arn:aws:kms:${place.region}:${account}:key/sample`,
      context: { 'kms:GrantIsForAWSResource': 'true' },
    },
    {
      action: 'lambda:UpdateFunctionCode',
      why: 'changes code',
      resource: `arn:aws:lambda:${place.region}:${account}:function:incident-playbooks-dev-stop-instance`,
    },
    {
      action: 'dynamodb:DeleteTable',
      why: 'deletes the records',
      resource: `arn:aws:dynamodb:${place.region}:${account}:table/incident-playbooks-dev-incidents`,
    },
  ];
}

/**
 * Asks a role for what it must not do: changes to instances that did not opt in, are protected or belong to another
 * account, and what nobody may do at all.
 */
export async function findForbidden(role: Role, stack: Stack, tags: GuardTags): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { why, ...request } of [...never(tags), ...(await misusesOf(role, stack, tags))]) {
    if (!(await isAllowed(role.statements, request, role.arn))) continue;
    findings.push({ who: role.logicalId, what: why, action: request.action, resource: request.resource });
  }
  return findings;
}

/** Every change to an instance that the role is allowed, asked for instances that it must leave alone. */
async function misusesOf(
  role: Role,
  stack: Stack,
  { optIn, protect }: GuardTags,
): Promise<(Request & { why: string })[]> {
  const allowed = role.statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
  const misuses: (Request & { why: string })[] = [];
  // A pattern of actions is a finding by itself.
  for (const action of new Set(allowed.filter((name) => !name.includes('*')))) {
    const { required, optional, isWrite } = await samplesOf(action, stack);
    if (!isWrite || ![...required.flat(), ...optional].includes(instance())) continue;
    const carried = legitimate({ optIn, protect })(action);
    const request = (why: string, tags: Record<string, string>, resource = instance()) => {
      const { [`aws:ResourceTag/${optIn}`]: _optedIn, ...rest } = carried;
      return { action, why, resource, context: { ...rest, ...taggedWith(tags) } };
    };
    misuses.push(
      request('acts on an instance without tags', {}),
      request('acts on an instance that opted out', { [optIn]: 'false' }),
      request('acts on an instance of another account', { [optIn]: 'true' }, instance('999988887777')),
    );
    misuses.push(
      request('acts on a protected instance', { [optIn]: 'true', [protect]: 'true' }),
      request('acts on an instance whose protection has an odd value', { [optIn]: 'true', [protect]: 'Yes' }),
    );
  }
  return misuses;
}
