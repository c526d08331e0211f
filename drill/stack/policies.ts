import type { StatementsOf } from '../cloud/iam/authorization';
import type { Statement } from '../cloud/iam/statement';
import type { StackResource } from './template';

interface Document {
  Statement?: {
    Effect: Statement['Effect'];
    Action?: unknown;
    Resource?: unknown;
    Condition?: Statement['Condition'];
  }[];
}

/** The ARNs of the roles of the template's functions, by the function's name. */
export function rolesByFunction(resources: readonly StackResource[]): (functionName: string) => string | undefined {
  const functions = resources.filter(({ type }) => type === 'AWS::Lambda::Function');
  const byName = new Map(functions.map(({ ref, properties }) => [ref, String(properties.Role)]));
  return (functionName) => byName.get(functionName);
}

/** What the roles of the template's functions say, by the function's name. */
export function statementsByFunction(resources: readonly StackResource[]): StatementsOf {
  const roles = new Map(
    resources.filter(({ type }) => type === 'AWS::IAM::Role').map((role) => [role.arn, statementsOf(role)]),
  );
  const byName = new Map(
    resources
      .filter(({ type }) => type === 'AWS::Lambda::Function')
      .map(({ ref, properties }) => [ref, roles.get(String(properties.Role))]),
  );
  return (functionName) => byName.get(functionName);
}

function statementsOf({ properties }: StackResource): Statement[] {
  const policies = (properties.Policies ?? []) as { PolicyDocument: Document }[];
  return policies.flatMap(({ PolicyDocument }) =>
    (PolicyDocument.Statement ?? []).map(({ Effect, Action, Resource, Condition = {} }) => ({
      Effect,
      Action: [Action ?? []].flat().map(String),
      Resource: [Resource ?? []].flat().map(String),
      Condition,
    })),
  );
}
