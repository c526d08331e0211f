import { onEverything } from './actions';
import type { Actor, Call } from './actors';
import { isOfChannel, isWorn, type Role, type Stack, type Statement } from './roles';
import { samplesOf } from './samples';
import { isAllowed, type Request } from './simulate';

/** Something about who may do what that has to be put right. */
export interface Finding {
  who: string;
  what: string;
  action: string;
  resource?: string;
}

/** Context that a request carries when it is legitimate: an opted-in instance, a volume's key used by EC2. */
export type ContextOf = (action: string) => Record<string, string | string[]>;

/**
 * Compares what the wearers of a role call with what it allows: what is called must be allowed, what is allowed must be
 * called (each action and each resource of each statement), `*` stands only where it must, and no role stands unused.
 * @param users everybody who acts under the role
 */
export async function compare(role: Role, users: Actor[], stack: Stack, contextOf: ContextOf): Promise<Finding[]> {
  const who = role.logicalId;
  const findings: Finding[] = role.managedPolicies.map((policy) => ({
    who,
    what: 'has a managed policy',
    action: policy,
  }));
  if (users.length === 0 && !isWorn(role, stack) && !isOfChannel(role, stack))
    findings.push({ who, what: 'is used by nothing', action: '-' });
  const calls = users.flatMap((user) => user.calls);
  const requests = await Promise.all(calls.map((call) => requestsOf(call, stack, contextOf)));
  for (const user of users) findings.push(...(await notAllowed(user, role, stack, contextOf)));
  findings.push(...(await neverCalled(role, requests.flat(2))), ...(await tooWide(role, stack)));
  return findings;
}

/** Actors whose role is not in the stack, so that nobody here can say what they may do. */
export function withForeignRole(actors: Actor[], roles: Map<string, Role>): Finding[] {
  return actors
    .filter(({ roleArn }) => !roles.has(roleArn))
    .map(({ name, roleArn }) => ({ who: name, what: 'has a role outside the stack', action: roleArn }));
}

/** Statements that allow an action by a pattern, or on everything where AWS could tell resources apart. */
async function tooWide({ logicalId: who, statements }: Role, stack: Stack): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { Action, Resource } of statements.filter(({ Effect }) => Effect === 'Allow')) {
    for (const action of Action) {
      if (action.includes('*')) findings.push({ who, what: 'is allowed a pattern of actions', action });
      else if (Resource.includes('*') && !(action in onEverything) && (await samplesOf(action, stack)).hasResourceLevel)
        findings.push({ who, what: 'is allowed on everything what AWS knows resources for', action, resource: '*' });
    }
  }
  return findings;
}

async function notAllowed(actor: Actor, role: Role, stack: Stack, contextOf: ContextOf): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const call of actor.calls) {
    for (const candidates of await requestsOf(call, stack, contextOf, 'required')) {
      const answers = await Promise.all(candidates.map((request) => isAllowed(role.statements, request, role.arn)));
      if (answers.some(Boolean)) continue;
      findings.push({
        who: actor.name,
        what: 'calls without being allowed',
        action: call.action,
        resource: candidates[0]?.resource,
      });
    }
  }
  return findings;
}

async function neverCalled(role: Role, requests: Request[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const statement of role.statements.filter(({ Effect }) => Effect === 'Allow')) {
    for (const action of statement.Action) {
      const candidates = requests.filter((request) => request.action.toLowerCase() === action.toLowerCase());
      for (const resource of statement.Resource) {
        if (await someAllowed({ ...statement, Action: [action], Resource: [resource] }, candidates, role.arn)) continue;
        findings.push({ who: role.logicalId, what: 'is allowed what it never calls', action, resource });
      }
    }
  }
  return findings;
}

async function someAllowed(statement: Statement, requests: Request[], principal: string): Promise<boolean> {
  for (const request of requests) if (await isAllowed([statement], request, principal)) return true;
  return false;
}

/** The requests that a call may make: one list of candidates for each kind of resource that it touches. */
export async function requestsOf(
  call: Call,
  stack: Stack,
  contextOf: ContextOf,
  kinds: 'required' | 'all' = 'all',
): Promise<Request[][]> {
  const { action } = call;
  const context = { ...contextOf(action), ...call.context };
  const { required, optional } = await samplesOf(action, stack, call.types);
  const lists = call.resources ? [call.resources] : kinds === 'all' ? [...required, optional] : required;
  return lists.map((resources) => resources.map((resource) => ({ action, resource, context })));
}
