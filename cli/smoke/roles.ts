import { type ContextEntry, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { ask } from '../doctor/ask';
import { fail, type Line, ok } from '../doctor/line';
import { roleStatements } from '../doctor/project';
import type { Smoke, SmokeCheck } from './frame';
import { type Context, type RoleCase, roleCases } from './role-cases';
import { goOn } from './until';
import { deployAgain } from './wiring';

/** The role of a deployed function. */
async function roleOf({ clients, stage }: Smoke, functionName: string): Promise<string> {
  const FunctionName = `incident-playbooks-${stage}-${functionName}`;
  const { Role = '' } = await ask('lambda:GetFunctionConfiguration', () =>
    clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
  );
  return Role;
}

const entriesOf = (context: Context): ContextEntry[] =>
  Object.entries(context).map(([ContextKeyName, ContextKeyValues]) => ({
    ContextKeyName,
    ContextKeyValues,
    ContextKeyType: ContextKeyValues.length > 1 || ContextKeyName === 'aws:TagKeys' ? 'stringList' : 'string',
  }));

/** Whether IAM would allow a request. Source: IAM API reference, SimulatePrincipalPolicy. */
async function isAllowed({ clients }: Smoke, role: string, { action, resource, context }: RoleCase): Promise<boolean> {
  const input = {
    PolicySourceArn: role,
    ActionNames: [action],
    ResourceArns: [resource],
    ContextEntries: entriesOf(context),
  };
  const { EvaluationResults = [] } = await ask('iam:SimulatePrincipalPolicy', () =>
    clients.iam.send(new SimulatePrincipalPolicyCommand(input)),
  );
  return EvaluationResults.length > 0 && EvaluationResults.every(({ EvalDecision }) => EvalDecision === 'allowed');
}

/** What a role may do beyond its functions.yml, or not do of it, in words. */
const wrongly = ({ action, when, mayDo }: RoleCase): string =>
  mayDo ? `may not ${action} ${when}, so its playbook would fail` : `may ${action} ${when}`;

/** The deployed roles, as IAM itself decides: every changing action with and without the tags. Asks, and changes nothing. */
export const rolesCheck: SmokeCheck = {
  id: 'roles',
  what: 'roles',
  ask: async (smoke) => {
    const { OPT_IN_TAG: optInTag, PROTECTED_TAG: protectedTag } = smoke.settings;
    const { stage, instanceId, place } = smoke;
    const cases = roleCases(roleStatements(), { stage, instanceId, ...place, params: { optInTag, protectedTag } });
    const roles = new Map<string, string>();
    const wrong = new Map<string, string[]>();
    for (const one of cases) {
      goOn(smoke.clock.signal);
      const role = roles.get(one.functionName) ?? (await roleOf(smoke, one.functionName));
      roles.set(one.functionName, role);
      if ((await isAllowed(smoke, role, one)) === one.mayDo) continue;
      wrong.set(one.functionName, [...(wrong.get(one.functionName) ?? []), wrongly(one)]);
    }
    const lines = [...wrong].map(
      ([name, what]): Line => ({
        id: `role-${name}`,
        what: 'roles',
        ...fail(
          `the role of ${name} ${what.join('; ')}`,
          `the deployed role differs from the project: ${deployAgain(smoke)}`,
        ),
      }),
    );
    if (lines.length > 0) return lines;
    const said = `IAM answers ${cases.length} requests of ${roles.size} roles as it should`;
    return [{ id: 'roles', what: 'roles', ...ok(said) }];
  },
};
