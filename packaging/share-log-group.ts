import type { Resource } from './references';

/** The log group that all functions of a stage share (resources/logs.yml). */
const shared = 'FunctionLogGroup';

interface Statement {
  Resource: unknown;
}
type Policies = { PolicyDocument: { Statement: Statement[] } }[];

/**
 * Lets all functions write to one log group, in place, instead of the one that the framework makes for each: a stack takes
 * 500 resources, and somebody who looks for a line has one place to look. A function may write into streams of its own
 * name alone. Source: Lambda developer guide, "Configuring CloudWatch log groups": the streams in a group that is not the
 * function's own are named `YYYY/MM/DD/<function name>[<version>][<ID of the environment>]`.
 */
export function shareLogGroup(Resources: Record<string, Resource>): void {
  const name = Resources[shared]?.Properties?.LogGroupName;
  if (typeof name !== 'string') return;
  for (const { Type, Properties = {}, ...resource } of Object.values(Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    Properties.LoggingConfig = { LogGroup: { Ref: shared } };
    const own = groupOf(String(Properties.FunctionName));
    const id = Object.keys(Resources).find((one) => Resources[one]?.Properties?.LogGroupName === own);
    if (id) delete Resources[id];
    for (const roleId of [resource.DependsOn ?? []].flat())
      writeTo(name, Resources[roleId]?.Properties ?? {}, String(Properties.FunctionName));
  }
  for (const resource of Object.values(Resources)) {
    if (resource.Type !== 'AWS::Lambda::Function' || resource.DependsOn === undefined) continue;
    resource.DependsOn = [resource.DependsOn].flat().filter((id) => Resources[id] !== undefined);
  }
}

/** The framework's name for a function's log group, which is Lambda's own. */
const groupOf = (functionName: string) => `/aws/lambda/${functionName}`;

/** Both actions are asked for the stream. Source: service authorization reference, Amazon CloudWatch Logs. */
function writeTo(group: string, role: Record<string, unknown>, functionName: string): void {
  for (const { PolicyDocument } of (role.Policies ?? []) as Policies)
    for (const statement of PolicyDocument.Statement) {
      if (!JSON.stringify(statement.Resource).includes(`:log-group:${groupOf(functionName)}:`)) continue;
      statement.Resource = arnOf(`${group}:log-stream:*/${functionName}[*`);
    }
}

const arnOf = (rest: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${rest}`,
});
