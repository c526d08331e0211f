interface Statement {
  Action: string | string[];
  Resource: unknown;
  Principal?: { Service?: unknown };
  Condition?: unknown;
}

/** What a role cannot say of itself. */
export interface Environment {
  /** Whether a logical id is a queue's. */
  isQueue: (id: string) => boolean;
  /** The names of the machines that run under the role. */
  machines: string[];
}

/** Brings a role that a plugin generated down to what it needs, in place. */
export function completeRole(role: Record<string, unknown>, { isQueue, machines }: Environment): void {
  const trust = (role.AssumeRolePolicyDocument as { Statement: Statement[] }).Statement;
  for (const statement of trust.filter(isStates)) statement.Condition ??= onlyFor(machines);
  const policies = (role.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[];
  for (const { PolicyDocument } of policies) {
    PolicyDocument.Statement = PolicyDocument.Statement.filter((statement) => !waitsForNested(statement));
    for (const statement of PolicyDocument.Statement) narrow(statement, isQueue);
  }
}

/**
 * Only these machines of this account may take the role (the confused deputy problem). Their versions add `:7` to the
 * name, and the child executions of a Distributed Map `/label`. Source: Step Functions guide, "Creating an IAM role for
 * your state machine".
 */
function onlyFor(machines: string[]): unknown {
  const arnOf = (name: string) => ({
    'Fn::Sub': `arn:\${AWS::Partition}:states:\${AWS::Region}:\${AWS::AccountId}:stateMachine:${name}`,
  });
  return {
    StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
    ArnLike: { 'aws:SourceArn': machines.flatMap((name) => [name, `${name}:*`, `${name}/*`].map(arnOf)) },
  };
}

const isStates = ({ Principal }: Statement) => JSON.stringify(Principal?.Service ?? '').includes('states.');

/** The rule by which `.sync` waits for a nested execution: a Distributed Map is given it too, and needs none. */
const waitsForNested = ({ Resource }: Statement) =>
  JSON.stringify(Resource).includes('StepFunctionsGetEventsForStepFunctionsExecutionRule');

function narrow(statement: Statement, isQueue: (id: string) => boolean): void {
  // The log group is in the template, with its retention: made again by the function, it would have none.
  if (Array.isArray(statement.Action))
    statement.Action = statement.Action.filter((name) => name !== 'logs:CreateLogGroup');
  // Machines call exact versions, so that a running execution keeps the code it began with: never the unqualified name.
  const isQualified = (arn: unknown) => JSON.stringify(arn).includes('${functionArn}:*');
  if (Array.isArray(statement.Resource) && statement.Resource.some(isQualified)) {
    statement.Resource = statement.Resource.filter(isQualified);
  }
  // The plugin takes every dead-letter target of a function for a topic.
  const [id] = (statement.Resource as { 'Fn::GetAtt'?: string[] })?.['Fn::GetAtt'] ?? [];
  if (id && isQueue(id) && [statement.Action].flat().includes('sns:Publish')) statement.Action = ['sqs:SendMessage'];
}
