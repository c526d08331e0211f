import { type Resource, referredTo } from './references';

/** Rights that a stage has only if it says so, by their actions, and the condition of the template that says it. */
const ofActions: Readonly<Record<string, string>> = {
  'ec2:LockSnapshot': 'LocksSnapshots',
  'ec2:DescribeLockedSnapshots': 'LocksSnapshots',
  'ec2:ModifySnapshotAttribute': 'SharesSnapshots',
  'ec2:DescribeSnapshotAttribute': 'SharesSnapshots',
  'logs:StopQuery': 'SearchesLogs',
};

type Policies = { PolicyDocument: { Statement: unknown[] } }[];

/**
 * Puts each statement of a role that is about a resource with a condition under the same condition, in place, and each whose
 * action a stage needs only for what it may leave out: what a stage leaves out cannot be referred to, and nobody needs a
 * right to it. So too a statement about what a parameter names, such as FlowLogGroup, where there is a condition on it,
 * HasFlowLogGroup. The roles' plugin accepts no condition there.
 */
export function underConditions(Resources: Record<string, Resource>, Conditions: Record<string, unknown> = {}): void {
  for (const { Type, Condition, Properties = {} } of Object.values(Resources)) {
    // A role with a condition of its own is there only where its statements are needed.
    if (Type !== 'AWS::IAM::Role' || Condition) continue;
    for (const { PolicyDocument } of (Properties.Policies ?? []) as Policies) {
      PolicyDocument.Statement = PolicyDocument.Statement.map((statement) => {
        const condition = referredTo(statement)
          .map((id) => Resources[id]?.Condition ?? (Object.hasOwn(Conditions, `Has${id}`) ? `Has${id}` : undefined))
          .concat(
            [(statement as { Action?: string | string[] }).Action ?? []].flat().map((action) => ofActions[action]),
          )
          .find((one) => one !== undefined);
        return condition ? { 'Fn::If': [condition, statement, { Ref: 'AWS::NoValue' }] } : statement;
      });
    }
  }
}
