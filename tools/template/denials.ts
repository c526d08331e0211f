import type { GuardTags } from './contexts';
import type { Finding } from './least-privilege';
import { isWorn, type Role, resourcesOf, type Stack, type Statement } from './roles';
import { samplesOf } from './samples';
import { isAllowed, isRefused, type Request } from './simulate';

type Wrong = Request & { why: string };

/** What an owner can take out of automation's reach by the protected tag; the rest is made or named by the product itself. */
const protectable = /:(instance|network-interface|elastic-ip|volume|targetgroup)\/|:autoScalingGroup:/;
const changesRole = /^iam:(Put|Delete)RolePolicy$/;
/** Attributes by which code is run on an instance or its network is opened; no step changes them. */
const attributes = [
  'userData',
  'instanceType',
  'kernel',
  'ramdisk',
  'groupSet',
  'sourceDestCheck',
  'instanceInitiatedShutdownBehavior',
];

/**
 * Asks a role for what a Deny must refuse, whatever else allows it, and each Deny for something that it alone refuses.
 * @param requests what the wearers of the role ask for, each with its legitimate context
 */
export async function findNotRefused(role: Role, requests: Request[], stack: Stack, tags: GuardTags) {
  const allowing = role.statements.filter(({ Effect }) => Effect === 'Allow');
  const denials = role.statements.filter(({ Effect }) => Effect === 'Deny');
  // One finding a kind says enough: the stack has dozens of roles.
  const found = new Map<string, Finding>();
  const refused: Wrong[] = [];
  for (const wrong of await wrongRequests(role, requests, stack, tags)) {
    if (await isRefused(denials, wrong, role.arn)) refused.push(wrong);
    else
      found.set(`${wrong.why} ${wrong.action} ${kindOf(wrong)}`, finding(role, `does not refuse ${wrong.why}`, wrong));
  }
  const findings = [...found.values()];
  // A role that is allowed nothing may say so.
  if (allowing.length === 0) return findings;
  for (const denial of denials) {
    if (await isNeeded(denial, denials, refused, role.arn)) continue;
    findings.push(finding(role, 'refuses what nothing asks for', { action: denial.Action.join(), resource: '*' }));
  }
  return findings;
}

const finding = ({ logicalId: who }: Role, what: string, { action, resource }: Request): Finding => {
  return { who, what, action, resource };
};

const kindOf = ({ resource }: Request) => resource.replace(/[^:/]*$/, '');

async function isNeeded(denial: Statement, denials: Statement[], refused: Wrong[], principal: string) {
  const others = denials.filter((one) => one !== denial);
  for (const wrong of refused) if (!(await isRefused(others, wrong, principal))) return true;
  return false;
}

/** The requests that are legitimate but for one thing, which a Deny has to see. */
async function wrongRequests(role: Role, requests: Request[], stack: Stack, tags: GuardTags): Promise<Wrong[]> {
  const wrong: Wrong[] = [];
  const seen = new Set<string>();
  for (const request of requests) {
    const { action, resource } = request;
    if (seen.has(`${action} ${resource}`)) continue;
    seen.add(`${action} ${resource}`);
    const isChange = (await samplesOf(action, stack)).isWrite;
    if (!isChange || !(await isAllowed(role.statements, request, role.arn))) continue;
    wrong.push(...onProtected(request, tags), ...ofTags(request, tags), ...ofAttributes(request));
    if (resource.endsWith(':role/sample')) wrong.push(...ofOwnRoles(request, stack), ...ofPassing(request));
  }
  return wrong;
}

function onProtected(request: Request, { protect }: GuardTags): Wrong[] {
  const { action, resource, context } = request;
  if (!protectable.test(resource) && !changesRole.test(action)) return [];
  const tag = (value: string) => ({ ...context, [`aws:ResourceTag/${protect}`]: value });
  return [
    { ...request, why: 'a protected resource', context: tag('true') },
    { ...request, why: 'a resource whose protection has an odd value', context: tag('Yes') },
  ];
}

function ofTags(request: Request, { optIn, protect }: GuardTags): Wrong[] {
  if (!/^ec2:(Create|Delete)Tags$/.test(request.action) || !request.resource.includes(':instance/')) return [];
  const keys = (key: string) => ({ ...request.context, 'aws:TagKeys': [key] });
  return [
    { ...request, why: 'a change of the tag that opts in', context: keys(optIn) },
    { ...request, why: 'a change of the tag that protects', context: keys(protect) },
  ];
}

function ofAttributes(request: Request): Wrong[] {
  if (request.action !== 'ec2:ModifyInstanceAttribute' || !request.resource.includes(':instance/')) return [];
  return attributes.map((name) => {
    return { ...request, why: `a change of ${name}`, context: { ...request.context, 'ec2:Attribute': name } };
  });
}

/** The stack's own roles, but for those that instances wear: a right over them would be a right over everything. */
function ofOwnRoles(request: Request, stack: Stack): Wrong[] {
  const roles = resourcesOf(stack, 'AWS::IAM::Role').filter(
    (role) => !isWorn(role, stack) || changesRole.test(request.action),
  );
  return roles.map(({ arn }) => ({ ...request, why: 'a role of this stack', resource: arn }));
}

/** Where EC2 says to what a role is passed, it is to an instance of this account; it does not say so of every call. */
function ofPassing(request: Request): Wrong[] {
  if (request.action !== 'iam:PassRole') return [];
  const to = ['arn:aws:lambda:us-east-1:111122223333:function:some', 'arn:aws:ec2:us-east-1:999988887777:instance/i-0'];
  return to.map((arn) => {
    return { ...request, why: `a role for ${arn}`, context: { ...request.context, 'iam:AssociatedResourceArn': arn } };
  });
}
