import { loadScenario } from '../../drill/scenario/load';
import { runScenario } from '../../drill/scenario/run';
import { stopRecordStore } from '../../drill/stack/record-store';
import type { StackResource } from '../../drill/stack/template';

afterAll(stopRecordStore);

/** How IAM writes the services whose name in the ledger differs. */
const prefixes: Record<string, string> = { 'auto-scaling': 'autoscaling', elbv2: 'elasticloadbalancing' };

interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
}

/** The actions that the role of a function allows. */
function allowedTo(functionName: string, resources: readonly StackResource[]): Set<string> {
  const fn = resources.find(
    ({ type, properties }) => type === 'AWS::Lambda::Function' && properties.FunctionName === functionName,
  );
  const role = resources.find(({ type, arn }) => type === 'AWS::IAM::Role' && arn === fn?.properties.Role);
  const policies = (role?.properties.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[];
  const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return new Set(statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action));
}

test.each(['guardduty-isolate', 'isolate-release', 'guardduty-block', 'patch-install'])(
  'in %s every function only makes calls that its own role allows',
  async (name) => {
    let resources: StackResource[] = [];
    const result = await runScenario(await loadScenario(name), {
      onUp: (stack) => {
        resources = stack.resources;
      },
    });
    const beyond = result.ledger.flatMap(({ service, command, caller }) => {
      if (!caller) return [];
      const action = `${prefixes[service] ?? service}:${command}`;
      return allowedTo(caller.functionName, resources).has(action) ? [] : [`${caller.functionName}: ${action}`];
    });

    expect(result.ok).toBe(true);
    expect([...new Set(beyond)]).toEqual([]);
  },
);
