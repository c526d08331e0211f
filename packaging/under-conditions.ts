import { type Resource, referredTo } from './references';

type Policies = { PolicyDocument: { Statement: unknown[] } }[];

/**
 * Puts each statement of a role that is about a resource with a condition under the same condition, in place: what a stage
 * leaves out cannot be referred to, and nobody needs a right to it. The roles' plugin accepts no condition there.
 */
export function underConditions(Resources: Record<string, Resource>): void {
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    if (Type !== 'AWS::IAM::Role') continue;
    for (const { PolicyDocument } of (Properties.Policies ?? []) as Policies) {
      PolicyDocument.Statement = PolicyDocument.Statement.map((statement) => {
        const condition = referredTo(statement)
          .map((id) => Resources[id]?.Condition)
          .find((one) => one !== undefined);
        return condition ? { 'Fn::If': [condition, statement, { Ref: 'AWS::NoValue' }] } : statement;
      });
    }
  }
}
