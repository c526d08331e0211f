interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
}
/** A CloudFormation template as the Serverless Framework holds it while packaging. */
export interface CompiledTemplate {
  Resources: Record<string, Resource>;
}
interface Statement {
  Action: string | string[];
  Resource: unknown;
  Principal?: { Service?: unknown };
  Condition?: unknown;
}
type Tag = { Key: string; Value: unknown };

/** Types that plugins make without the stack's tags, or with them twice. */
const tagged = [
  'AWS::Events::Rule',
  'AWS::IAM::Role',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::StepFunctions::StateMachine',
];

/** Brings what the framework and its plugins generate up to what this project asks of a template, in place. */
export function completeTemplate({ Resources }: CompiledTemplate, tags: Record<string, string>): void {
  // Every function has a role of its own: the one that they would share is used by nothing.
  delete Resources.IamRoleLambdaExecution;
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    if (tagged.includes(Type)) Properties.Tags = allTags(Properties.Tags as Tag[] | undefined, tags);
    if (Type === 'AWS::IAM::Role') completeRole(Properties);
  }
}

function allTags(own: Tag[] = [], tags: Record<string, string>): Tag[] {
  const values = new Map([...Object.entries(tags), ...own.map(({ Key, Value }) => [Key, Value] as const)]);
  return [...values].map(([Key, Value]) => ({ Key, Value }));
}

function completeRole(role: Record<string, unknown>): void {
  const trust = (role.AssumeRolePolicyDocument as { Statement: Statement[] }).Statement;
  for (const statement of trust.filter(isStates)) {
    // Only machines of this account may take the role (the confused deputy problem).
    statement.Condition ??= { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
  }
  const policies = (role.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[];
  for (const { PolicyDocument } of policies) {
    PolicyDocument.Statement = PolicyDocument.Statement.filter((statement) => !waitsForNested(statement));
    for (const statement of PolicyDocument.Statement) narrow(statement);
  }
}

/** The rule by which `.sync` waits for a nested execution: a Distributed Map is given it too, and needs none. */
const waitsForNested = ({ Resource }: Statement) =>
  JSON.stringify(Resource).includes('StepFunctionsGetEventsForStepFunctionsExecutionRule');

const isStates = ({ Principal }: Statement) => JSON.stringify(Principal?.Service ?? '').includes('states.');

function narrow(statement: Statement): void {
  // The log group is in the template, with its retention: made again by the function, it would have none.
  if (Array.isArray(statement.Action))
    statement.Action = statement.Action.filter((name) => name !== 'logs:CreateLogGroup');
  // Machines call exact versions, so that a running execution keeps the code it began with: never the unqualified name.
  const isQualified = (arn: unknown) => JSON.stringify(arn).includes('${functionArn}:*');
  if (Array.isArray(statement.Resource) && statement.Resource.some(isQualified)) {
    statement.Resource = statement.Resource.filter(isQualified);
  }
}
