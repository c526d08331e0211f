import { join } from 'node:path';
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { build } from 'esbuild';
import { packageStage } from '../../drill/packaging/package-stage';
import { anySpokes } from '../../drill/packaging/spoke-templates';
import { resolveTemplate } from '../../drill/stack/resolve';
import { type Template, templateSchema } from '../../drill/stack/template';
import { type Capability, needsInstance } from '../../functions/place/capabilities';
import { credentialsOf } from '../../functions/place/credentials';
import { narrowSessions } from '../../functions/place/narrow';
import { sessionPolicyOf } from '../../functions/place/session-policy';
import { rolesTemplate } from '../../packaging/spoke/roles-template';
import type { HubTemplate } from '../../packaging/spoke/statements';
import { sourceOf } from '../../tools/template/actors';
import { resourcesOf } from '../../tools/template/roles';
import { environmentOf, place } from '../../tools/template/samples';
import { findSdkCommands } from '../../tools/template/sdk-commands';
import { type Chain, findInChain, type SessionRequest } from '../../tools/template/spoke-chain';
import { withSamples } from './packaged';

/** As many as an organisation of some size has; which they are is in no other right than these. */
const accounts = Array.from({ length: 120 }, (_, index) => String(100_000_000_001 + index));
const account = accounts[0]!;
const { organizationId, spokeExternalId: externalId } = anySpokes;

const asked: AssumeRoleCommandInput[] = [];
jest.mock('../../functions/shared/clients/sts', () => ({
  assumeRole: async (request: AssumeRoleCommandInput) => {
    asked.push(request);
    throw new Error('The test only looks at the request.');
  },
}));

/** What the code asks STS for in a function's environment, when an incident is in an account. */
async function ask(capability: Capability, inAccount: string, instanceId: string): Promise<SessionRequest | undefined> {
  process.env.SPOKE_CAPABILITY = capability;
  asked.length = 0;
  const stay = {
    place: { account: inAccount, region: place.region },
    incidentId: 'inc-0123456789abcdef0123',
    instanceId,
  };
  await credentialsOf(stay).catch(() => undefined);
  return asked[0];
}

/** No planted mistake changes what the code calls. */
let uses: ReturnType<typeof findSdkCommands> | undefined;

const packaged = packageStage('dev', { params: { ...anySpokes, spokeAccounts: accounts.join() } }).then((template) =>
  withSamples(template),
);

async function chain(
  change: { hub?: (hub: Template) => void; roles?: (roles: Template) => void; ask?: Chain['ask'] } = {},
) {
  const hubTemplate = structuredClone(await packaged);
  const roles = rolesTemplate({ stage: 'dev', template: hubTemplate as HubTemplate, organizationId, externalId });
  const spokeTemplate = templateSchema.parse(structuredClone(roles));
  change.hub?.(hubTemplate);
  change.roles?.(spokeTemplate);
  const hub = resolveTemplate(hubTemplate, place);
  const parameters = { HubAccountId: place.account };
  const spoke = resolveTemplate(spokeTemplate, { ...place, account, stackName: 'spoke', parameters });
  uses ??= findSdkCommands(resourcesOf(hub, 'AWS::Lambda::Function').map(sourceOf));
  return { hub, spoke, uses: await uses, account, accounts, organizationId, ask: change.ask ?? ask };
}

const environment = { ...process.env };
beforeAll(async () => {
  const { hub } = await chain();
  const one = resourcesOf(hub, 'AWS::Lambda::Function').find(({ logicalId }) => logicalId.startsWith('StopInstance'))!;
  Object.assign(process.env, environmentOf(one.properties));
  narrowSessions(sessionPolicyOf);
});
afterAll(() => {
  narrowSessions(undefined);
  process.env = environment;
});

test('every function may do in a spoke what it calls, on its one instance, and nobody else may take on a role there', async () => {
  expect(await findInChain(await chain())).toEqual([]);
});

/** What AWS takes of each: IAM and Lambda quotas, EventBridge quotas, CloudFormation quotas (a template in S3). */
const most = { rights: 10_240, environment: 4_096, busPolicy: 10_240, template: 1_000_000 };

test('a stage of 120 accounts, and so one of 100, is within what AWS takes', async () => {
  const { hub } = await chain();
  const longest = (type: string, of: (properties: Record<string, unknown>) => unknown) =>
    Math.max(...resourcesOf(hub, type).map(({ properties }) => JSON.stringify(of(properties) ?? '').length));
  const of = {
    rights: longest('AWS::IAM::Role', ({ Policies }) => Policies),
    environment: longest('AWS::Lambda::Function', ({ Environment }) => Environment),
    busPolicy: longest('AWS::Events::EventBusPolicy', ({ Statement }) => Statement),
    template: JSON.stringify(await packaged).length,
  };

  for (const [what, length] of Object.entries(of))
    expect([what, length < most[what as keyof typeof most]]).toEqual([what, true]);
  expect(of.environment).toBeGreaterThan(accounts.join().length);
});

/** Whether each of some handlers is deployed with the code that makes session policies. */
async function narrowed(sources: string[]): Promise<Map<string, boolean>> {
  const root = join(__dirname, '../..');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: sources,
    bundle: true,
    packages: 'external',
    platform: 'node',
    write: false,
    metafile: true,
    logLevel: 'silent',
    outdir: 'bundles',
    outbase: '.',
  });
  return new Map(
    Object.values(metafile.outputs).map(({ entryPoint = '', inputs }) => [
      entryPoint,
      (inputs['functions/place/session-policy.ts']?.bytesInOutput ?? 0) > 0,
    ]),
  );
}

test('what acts in a spoke is deployed with the code that narrows its sessions', async () => {
  const { hub } = await chain();
  const functions = resourcesOf(hub, 'AWS::Lambda::Function');
  const capabilityOf = (one: (typeof functions)[number]) => environmentOf(one.properties).SPOKE_CAPABILITY;
  const acting = functions.filter(
    (one) => capabilityOf(one) && (capabilityOf(one) === 'alarms' || needsInstance(capabilityOf(one) as Capability)),
  );
  const found = await narrowed([...acting.map(sourceOf), 'functions/instance/watch-instance.ts']);

  expect(acting.length).toBeGreaterThan(20);
  expect([...found].filter(([, isNarrowed]) => !isNarrowed)).toEqual([['functions/instance/watch-instance.ts', false]]);
});

type Body = { AssumeRolePolicyDocument: { Statement: { Condition: Record<string, Record<string, unknown>> }[] } };
const trustOf = (roles: Template, id: string) =>
  (roles.Resources[id]!.Properties as unknown as Body).AssumeRolePolicyDocument;
const without = (operator: string, key: string) => (roles: Template) => {
  for (const { Condition } of trustOf(roles, 'PowerRole').Statement) delete Condition[operator]?.[key];
};
const inPolicies = (id: string, from: string | RegExp, to: string) => (template: Template) => {
  const body = template.Resources[id]!.Properties;
  const before = JSON.stringify(body.Policies);
  body.Policies = JSON.parse(before.replaceAll(from, to));
  expect(JSON.stringify(body.Policies)).not.toBe(before);
};
const role = 'StopInstanceIamRoleLambdaExecution';
const own = 'arn:${AWS::Partition}:iam::*:role/incident-playbooks-dev-spoke-power';
const listed = /,"Condition":\{"StringEquals":\{"aws:ResourceAccount":\{"Fn::FindInMap":\[[^\]]*\]\}\}\}/g;

test.each<[string, Parameters<typeof chain>[0], RegExp]>([
  [
    'a trust without the organisation',
    { roles: without('StringEquals', 'aws:PrincipalOrgID') },
    /PowerRole is trusted in another organisation/,
  ],
  [
    'a trust without the external ID',
    { roles: without('StringEquals', 'sts:ExternalId') },
    /PowerRole is trusted with another external ID/,
  ],
  [
    'a trust of every role of the hub',
    {
      roles: (roles) => {
        without('StringLike', 'aws:PrincipalArn')(roles);
        without('ArnLike', 'aws:PrincipalArn')(roles);
      },
    },
    /PowerRole is trusted in any role of the hub/,
  ],
  [
    'a trust of roles without the capability',
    { roles: without('StringLike', 'aws:PrincipalArn') },
    /PowerRole is trusted in a role without the capability/,
  ],
  [
    'a trust that asks for no instance',
    { roles: without('StringLike', 'aws:RequestTag/instance') },
    /PowerRole is trusted without an instance/,
  ],
  [
    'a trust that asks for no incident',
    { roles: without('StringLike', 'aws:RequestTag/incident') },
    /PowerRole is trusted without an incident/,
  ],
  [
    'a hub role that may assume everything',
    { hub: inPolicies(role, `{"Fn::Sub":"${own}"}`, '"*"') },
    /StopInstanceIamRoleLambdaExecution may assume \*$/,
  ],
  [
    'a hub role that may assume another capability',
    { hub: inPolicies(role, 'spoke-power', 'spoke-contain') },
    /StopInstanceIamRoleLambdaExecution may assume .*spoke-contain/,
  ],
  [
    'a hub role without the condition on the accounts',
    { hub: inPolicies(role, listed, '') },
    /StopInstanceIamRoleLambdaExecution takes on .*999988887777.*spoke-power/,
  ],
  [
    'a hub role for an account that is not listed',
    {
      hub: inPolicies(
        role,
        listed,
        `,"Condition":{"StringEquals":{"aws:ResourceAccount":["${account}","999988887777"]}}`,
      ),
    },
    /StopInstanceIamRoleLambdaExecution takes on .*999988887777.*spoke-power/,
  ],
  [
    'a hub role whose condition a missing key meets',
    { hub: inPolicies(role, listed, `,"Condition":{"StringEqualsIfExists":{"aws:ResourceAccount":"${account}"}}`) },
    /may assume .*spoke-power of accounts that the stage does not list/,
  ],
  [
    'a hub role for any role of a listed account',
    { hub: inPolicies(role, 'spoke-power', 'spoke-*') },
    /StopInstanceIamRoleLambdaExecution may assume .*spoke-\*/,
  ],
  [
    'a spoke role that is not bound to the instance',
    { roles: inPolicies('PowerRole', 'instance/${!aws:PrincipalTag/instance}', 'instance/*') },
    /PowerRole allows ec2:StopInstances on another instance/,
  ],
  [
    'a spoke role without an action',
    { roles: inPolicies('PatchRole', 'ssm:SendCommand', 'ssm:ListCommands') },
    /StartPatchingLambdaFunction may not in a spoke: ssm:SendCommand/,
  ],
  [
    'a role ARN made from what an event says',
    {
      ask: async (capability, said, id) => ({
        ...(await ask(capability, account, id))!,
        RoleArn: `arn:aws:iam::${said}:role/incident-playbooks-dev-spoke-${capability}`,
      }),
    },
    /asks for arn:aws:iam::999988887777:role.*does not list/,
  ],
  [
    'a session policy left out',
    {
      ask: async (...given) => {
        const request = await ask(...given);
        return request && { ...request, Policy: undefined };
      },
    },
    /StopInstanceLambdaFunction asks for a session without a policy/,
  ],
  [
    'a session policy for every instance',
    {
      ask: async (...given) => {
        const request = await ask(...given);
        return request?.Policy ? { ...request, Policy: request.Policy.replaceAll(given[2], '*') } : request;
      },
    },
    /session policy of StopInstanceLambdaFunction allows ec2:StopInstances on another instance/,
  ],
])('a planted mistake is found: %s', async (_what, change, finding) => {
  expect(await findInChain(await chain(change))).toContainEqual(expect.stringMatching(finding));
});
