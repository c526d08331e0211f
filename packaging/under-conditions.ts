import { type Resource, referredTo } from './references';

/** Rights that a stage has only if it says so, by their actions, and the condition of the template that says it. */
const ofActions: Readonly<Record<string, string>> = {
  'ec2:LockSnapshot': 'LocksSnapshots',
  'ec2:DescribeLockedSnapshots': 'LocksSnapshots',
  'ec2:ModifySnapshotAttribute': 'SharesSnapshots',
  'ec2:DescribeSnapshotAttribute': 'SharesSnapshots',
};

type Policies = { PolicyDocument: { Statement: unknown[] } }[];

/**
 * Puts each statement of a role that is about a resource with a condition under the same condition, in place, and each whose
 * action a stage needs only for what it may leave out: what a stage
 * leaves out cannot be referred to, and nobody needs a right to it. The roles' plugin accepts no condition there.
 */
export function underConditions(Resources: Record<string, Resource>): void {
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    if (Type !== 'AWS::IAM::Role') continue;
    for (const { PolicyDocument } of (Properties.Policies ?? []) as Policies) {
      PolicyDocument.Statement = PolicyDocument.Statement.map((statement) => {
        const condition = referredTo(statement)
          .map((id) => Resources[id]?.Condition)
          .concat(
            [(statement as { Action?: string | string[] }).Action ?? []].flat().map((action) => ofActions[action]),
          )
          .find((one) => one !== undefined);
        return condition ? { 'Fn::If': [condition, statement, { Ref: 'AWS::NoValue' }] } : statement;
      });
    }
  }
}
