import { type GuardTags, taggedWith } from './contexts';
import type { Finding } from './least-privilege';
import type { Role } from './roles';
import { place } from './samples';
import { isAllowed, type Request } from './simulate';

const instance = `arn:aws:ec2:${place.region}:${place.account}:instance/i-0123456789abcdef0`;

/** What no role of the stack may do, even to an instance that opted in. */
function never({ optIn, protect }: GuardTags): (Request & { why: string })[] {
  const optedIn = taggedWith({ [optIn]: 'true' });
  const tagging = (key: string) => ({ 'aws:TagKeys': [key], [`aws:RequestTag/${key}`]: 'true' });
  const onInstance = (action: string, why: string, context = {}) => ({
    action,
    why,
    resource: instance,
    context: { ...optedIn, ...context },
  });
  const account = place.account;
  return [
    onInstance('ec2:TerminateInstances', 'terminates an instance'),
    onInstance('ec2:RunInstances', 'starts an instance of its own'),
    onInstance('ec2:CreateTags', 'opts an instance in', tagging(optIn)),
    onInstance('ec2:CreateTags', 'changes what protects an instance', tagging(protect)),
    onInstance('ec2:DeleteTags', 'takes the protection off an instance', tagging(protect)),
    { action: 'ec2:CreateTags', why: 'opts in an instance that is not', resource: instance, context: tagging(optIn) },
    {
      action: 'ec2:DeleteVolume',
      why: 'deletes data',
      resource: `arn:aws:ec2:${place.region}:${account}:volume/vol-0123`,
    },
    { action: 'iam:CreateRole', why: 'makes a role', resource: `arn:aws:iam::${account}:role/new` },
    { action: 'iam:AttachRolePolicy', why: 'widens a role', resource: `arn:aws:iam::${account}:role/some` },
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

/** Asks a role for what nobody may do at all, not even to an instance that opted in. */
export async function findForbidden(role: Role, tags: GuardTags): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { why, ...request } of never(tags)) {
    if (!(await isAllowed(role.statements, request, role.arn))) continue;
    findings.push({ who: role.logicalId, what: why, action: request.action, resource: request.resource });
  }
  return findings;
}
