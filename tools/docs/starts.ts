import type { StackResource } from '../../drill/stack/template';
import { code } from './markdown';

interface Target {
  Arn: string;
  Input?: string;
}
type Pattern = Record<string, unknown>;

const aliasType = 'AWS::StepFunctions::StateMachineAlias';

/** The rules and schedules that start a machine, one sentence each. */
export function startsOf(machineArn: string, resources: readonly StackResource[]): string[] {
  const rules = resources.filter(({ type }) => type === 'AWS::Events::Rule');
  return rules.flatMap(({ properties }) => {
    const targets = properties.Targets as Target[];
    // A rule may start an alias of the machine, whose ARN is the machine's followed by a name.
    const target = targets.find(({ Arn }) => Arn === machineArn || Arn.startsWith(`${machineArn}:`));
    if (!target) return [];
    const how = properties.ScheduleExpression
      ? `on the schedule ${code(String(properties.ScheduleExpression))} (UTC)`
      : `on ${patternText(properties.EventPattern as Pattern)}`;
    const input = target.Input && target.Input !== '{}' ? ` with ${code(target.Input)}` : '';
    return [`${String(properties.Description)}: the rule ${code(String(properties.Name))}, ${how}${input}.`];
  });
}

/** An event pattern in words: each field with its allowed values. */
function patternText({ source, detail, ...rest }: Pattern): string {
  const kinds = (rest['detail-type'] as string[]).map((kind) => `“${kind}”`).join(' or ');
  const fields = leavesOf(detail as Pattern).map(([path, values]) => `${code(path)} ${values}`);
  return `${kinds} from ${code(String((source as string[])[0]))} where ${fields.join(', ')}`;
}

function leavesOf(pattern: Pattern, path = ''): [string, string][] {
  return Object.entries(pattern).flatMap(([key, value]) => {
    const at = path ? `${path}.${key}` : key;
    if (Array.isArray(value)) return [[at, value.map(valueText).join(' or ')] as [string, string]];
    return leavesOf(value as Pattern, at);
  });
}

function valueText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `is ${code(String(value))}`;
  const { prefix, numeric } = value as { prefix?: string; numeric?: unknown[] };
  if (prefix !== undefined) return `begins with ${code(prefix)}`;
  if (numeric) return `is ${code(numeric.join(' '))}`;
  return `matches ${code(JSON.stringify(value))}`;
}

/** The command for a manual start in the dev stage of an example account; it uses the alias if the template has one. */
export function manualStartCommand(
  { logicalId, arn }: StackResource,
  resources: readonly StackResource[],
  input: unknown,
) {
  const alias = resources.find((one) => one.type === aliasType && one.logicalId === `${logicalId}Alias`);
  return [
    'aws stepfunctions start-execution \\',
    `  --state-machine-arn ${alias ? `${arn}:${String(alias.properties.Name)}` : arn} \\`,
    `  --input '${JSON.stringify(input)}'`,
  ].join('\n');
}
