import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { StackResource } from '../../drill/stack/template';
import { type Capability, needsInstance, spokeRoleName } from '../../functions/place/capabilities';
import { ofTheFleet } from '../../packaging/spoke/statements';
import { type Actor, actorsOf } from './actors';
import { guardTagsOf, legitimate } from './contexts';
import { requestsOf } from './least-privilege';
import { type Role, resourcesOf, rolesOf, type Stack, type Statement } from './roles';
import { environmentOf, place as hubPlace } from './samples';
import type { SdkUse } from './sdk-commands';
import { isAllowed, type Request, SimulationError } from './simulate';

/** What a function asks STS for; the fields of AssumeRole that IAM judges by. */
export interface SessionRequest {
  RoleArn?: string | undefined;
  RoleSessionName?: string | undefined;
  SourceIdentity?: string | undefined;
  ExternalId?: string | undefined;
  Tags?: { Key?: string | undefined; Value?: string | undefined }[] | undefined;
  Policy?: string | undefined;
}

/** Everything between a function in the hub and an instance in a spoke. */
export interface Chain {
  /** The packaged hub, with spokes. */
  hub: Stack;
  /** What each handler can send, by its source file. */
  uses: Map<string, SdkUse>;
  /** The deployed roles of a spoke. */
  spoke: Stack;
  account: string;
  /** All accounts that the stage lists besides its own. */
  accounts: readonly string[];
  organizationId: string;
  /** What the code asks STS for when an event is about an account; undefined where it refuses. */
  ask: (capability: Capability, account: string, instanceId: string) => Promise<SessionRequest | undefined>;
}

export const instance = 'i-0123456789abcdef0';
const otherInstance = 'i-0fedcba9876543210';
/** An account that the stage does not list. */
export const foreignAccount = '999988887777';
const taking = ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'];

/** Everything that is wrong along the chain of hub role, trust, spoke role and session policy, one line each. */
export async function findInChain(chain: Chain): Promise<string[]> {
  const { hub, uses, spoke } = chain;
  const hubRoles = rolesOf(hub);
  const spokeRoles = rolesOf(spoke);
  const found = new Set<string>();
  for (const actor of actorsOf(hub, uses)) {
    const capability = capabilityOf(actor, hub);
    const role = hubRoles.get(actor.roleArn)!;
    const name = spokeRoleName('dev', capability ?? 'read');
    const arn = `arn:aws:iam::${chain.account}:role/${name}`;
    for (const line of mayAssumeMore(role, capability ? name : undefined, chain.accounts)) found.add(line);
    if (!capability) continue;
    const session = await chain.ask(capability, chain.account, instance);
    const there = spokeRoles.get(arn);
    if (!session || !there) found.add(`${actor.name} gets no session for ${capability}`);
    else for (const line of await ofSession(chain, actor, role, there, capability, session)) found.add(line);
    const foreign = await chain.ask(capability, foreignAccount, instance);
    if (foreign) found.add(`${actor.name} asks for ${foreign.RoleArn}, of an account that the stage does not list`);
  }
  return [...found];
}

function capabilityOf({ name, kind }: Actor, hub: Stack): Capability | undefined {
  return kind === 'function' ? (environmentOf(hub.get(name)!.properties).SPOKE_CAPABILITY as Capability) : undefined;
}

/** Tags and a source identity belong to a session that something else allows. */
const ofSessions = ['sts:SetSourceIdentity', 'sts:TagSession'];

/** Roles that a role may take on besides that of its capability in a listed account; a name that is a pattern counts as more. */
function mayAssumeMore(
  { logicalId, statements }: Role,
  name: string | undefined,
  accounts: readonly string[],
): string[] {
  const about = statements.filter(
    ({ Effect, Action }) => Effect === 'Allow' && Action.some((one) => one === '*' || one.startsWith('sts:')),
  );
  return about.flatMap(({ Action, Resource, Condition }) => {
    const asked = [Condition?.StringEquals?.['aws:ResourceAccount'] ?? []].flat();
    const isListed = asked.length > 0 && asked.every((one) => accounts.includes(String(one)));
    const isOfSessions = Action.every((one) => ofSessions.includes(one));
    return Resource.flatMap((resource) => {
      const [, inAccount = '', role] = /^arn:aws:iam::([^:]*):role\/(.*)$/.exec(resource) ?? [];
      if (name === undefined || role !== name) return [`${logicalId} may assume ${resource}`];
      if (accounts.includes(inAccount) || (inAccount === '*' && (isListed || isOfSessions))) return [];
      return [`${logicalId} may assume ${resource} of accounts that the stage does not list`];
    });
  });
}

async function ofSession(
  chain: Chain,
  actor: Actor,
  hubRole: Role,
  there: Role,
  capability: Capability,
  session: SessionRequest,
): Promise<string[]> {
  const trust = resourcesOf(chain.spoke, 'AWS::IAM::Role').find(({ arn }) => arn === there.arn)!;
  const context = { ...contextOf(session, chain.organizationId), 'aws:ResourceAccount': chain.account };
  const found: string[] = [];
  for (const action of taking)
    if (!(await mayTake(hubRole.arn, hubRole.statements, trust, action, context)))
      found.push(`${actor.name} may not take on ${there.logicalId}: ${action}`);
  // The same role, in an account whose roles trust the hub too, as those of another stage do.
  const foreign = { ...trust, arn: there.arn.replace(chain.account, foreignAccount) };
  const inForeign = { ...context, 'aws:ResourceAccount': foreignAccount };
  if (await mayTake(hubRole.arn, hubRole.statements, foreign, 'sts:AssumeRole', inForeign))
    found.push(`${hubRole.logicalId} takes on ${foreign.arn}, of an account that the stage does not list`);
  found.push(...(await trustedWithout(hubRole, trust, capability, context)));
  const policy = sessionStatements(session);
  if (needsInstance(capability) && !policy) found.push(`${actor.name} asks for a session without a policy`);
  for (const list of await requestsInSpoke(chain, actor)) {
    const needed = { ...list[0]!, context: { ...list[0]!.context, 'aws:PrincipalTag/instance': instance } };
    const may = (statements: Statement[], request: Request) => isAllowed(statements, request, there.arn);
    if (!(await may(there.statements, needed)))
      found.push(`${actor.name} may not in a spoke: ${needed.action} on ${needed.resource}`);
    if (policy && !(await may(policy, needed)))
      found.push(`the session policy of ${actor.name} leaves out ${needed.action} on ${needed.resource}`);
    if (!needsInstance(capability) || !needed.resource.includes(':instance/')) continue;
    const wrong = { ...needed, resource: needed.resource.replace(instance, otherInstance) };
    if (await may(there.statements, wrong)) found.push(`${there.logicalId} allows ${wrong.action} on another instance`);
    if (policy && (await may(policy, wrong)))
      found.push(`the session policy of ${actor.name} allows ${wrong.action} on another instance`);
  }
  return found;
}

/** What the trust alone says, of a caller that may ask for everything, where the request lacks or forges one thing. */
async function trustedWithout(hubRole: Role, trust: StackResource, capability: Capability, context: Context) {
  const all: Statement[] = [{ Effect: 'Allow', Action: ['sts:*'], Resource: ['*'] }];
  const { 'aws:RequestTag/instance': _instance, ...noInstance } = context;
  const { 'aws:RequestTag/incident': _incident, ...noIncident } = context;
  const { 'sts:SourceIdentity': _identity, ...noIdentity } = context;
  const { 'sts:ExternalId': _external, ...noExternal } = context;
  const { 'aws:PrincipalOrgID': _organization, ...noOrganization } = context;
  const forged: [string, string, Context][] = [
    ['without the organisation', hubRole.arn, noOrganization],
    ['in another organisation', hubRole.arn, { ...context, 'aws:PrincipalOrgID': 'o-otherother1' }],
    ['without the external ID', hubRole.arn, noExternal],
    ['with another external ID', hubRole.arn, { ...context, 'sts:ExternalId': 'somebody-elses-text' }],
    ['without an incident', hubRole.arn, noIncident],
    ['without a source identity', hubRole.arn, noIdentity],
    ['with a tag of its own', hubRole.arn, { ...context, 'aws:TagKeys': ['incident', 'instance', 'team'] }],
    [
      'in a role without the capability',
      hubRole.arn.replace(/role\/.*/, 'role/incident-playbooks-dev-plan-action-us-east-1'),
      context,
    ],
    ['in any role of the hub', hubRole.arn.replace(/role\/.*/, 'role/admin'), context],
    ['in another account', hubRole.arn.replace(hubPlace.account, foreignAccount), context],
    ...(needsInstance(capability)
      ? [['without an instance', hubRole.arn, noInstance] as [string, string, Context]]
      : []),
  ];
  const found: string[] = [];
  for (const [what, principal, wrong] of forged)
    if (await mayTake(principal, all, trust, 'sts:AssumeRole', wrong))
      found.push(`${trust.logicalId} is trusted ${what}`);
  return found;
}

type Context = Record<string, string | string[]>;

function contextOf(
  { RoleSessionName = '', SourceIdentity, ExternalId, Tags = [] }: SessionRequest,
  organization: string,
): Context {
  return {
    'aws:PrincipalOrgID': organization,
    'sts:RoleSessionName': RoleSessionName,
    ...(SourceIdentity === undefined ? {} : { 'sts:SourceIdentity': SourceIdentity }),
    ...(ExternalId === undefined ? {} : { 'sts:ExternalId': ExternalId }),
    ...Object.fromEntries(Tags.map(({ Key, Value = '' }) => [`aws:RequestTag/${Key}`, Value])),
    'aws:TagKeys': Tags.map(({ Key = '' }) => Key),
  };
}

/** Whether the caller's own statements and the trust of the role both allow an action on it. */
async function mayTake(
  principal: string,
  statements: Statement[],
  trust: StackResource,
  action: string,
  context: Context,
) {
  const outcome = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource: trust.arn, accountId: trust.arn.split(':')[4]! },
        contextVariables: { ...context, 'aws:PrincipalArn': principal },
      },
      identityPolicies: [{ name: 'hub', policy: { Version: '2012-10-17', Statement: statements } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: trust.properties.AssumeRolePolicyDocument,
    },
    {},
  );
  if (outcome.resultType === 'error') throw new SimulationError(`${action}: ${JSON.stringify(outcome.errors)}`);
  return outcome.overallResult === 'Allowed';
}

function sessionStatements({ Policy }: SessionRequest): Statement[] | undefined {
  if (Policy === undefined) return undefined;
  const { Statement } = JSON.parse(Policy) as { Statement: Statement[] };
  return Statement.map((one) => ({ ...one, Action: [one.Action].flat(), Resource: [one.Resource].flat() }));
}

/** What a function asks of the fleet, as it is asked in the spoke: another account, and the spoke's own profile. */
async function requestsInSpoke({ hub, account }: Chain, { calls }: Actor): Promise<Request[][]> {
  const contextFor = legitimate(guardTagsOf(hub));
  // The key of the notices stays in the hub, and is asked for no other actions.
  const ofFleet = calls.filter(
    ({ action }) => ofTheFleet.test(action) && !/^kms:(Decrypt|GenerateDataKey)$/.test(action),
  );
  const lists = await Promise.all(ofFleet.map((call) => requestsOf(call, hub, contextFor, 'required')));
  const moved = JSON.stringify(lists.flat())
    .replaceAll(hubPlace.account, account)
    .replace(/incident-playbooks-dev-quarantine-[\w-]+/g, 'quarantine-incident-playbooks-dev');
  // Keys of KMS that belong to the stack are the notices’, which stay in the hub.
  return (JSON.parse(moved) as Request[][]).map((list) => list.filter(({ resource }) => !/NoticesKey/.test(resource)));
}
