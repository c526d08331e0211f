import { account, region } from '../../drill/stack/place';
import type { StackResource } from '../../drill/stack/template';
import { code } from './markdown';

interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
}

/** Permissions that the framework adds to every function's role. */
const logging = /^(logs|xray):/;

const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** The policy statements of a function's or a machine's role. */
export function statementsOf(roleArn: unknown, resources: readonly StackResource[]): Statement[] {
  const role = resources.find(({ type, arn }) => type === 'AWS::IAM::Role' && arn === roleArn);
  const policies = (role?.properties.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[];
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** One row per statement: actions, resources and conditions. Logs and traces are left out. */
export function permissionRows(statements: readonly Statement[]): string[][] {
  return statements.flatMap(({ Effect, Action, Resource, Condition }) => {
    const actions = listOf(Action).filter((action) => !logging.test(action));
    if (actions.length === 0) return [];
    const may = actions.map(code).join(' ');
    const targets = [...new Set(listOf(Resource).map(String).map(shortArn))];
    return [[Effect === 'Deny' ? `**deny** ${may}` : may, targets.map(code).join(' '), conditionText(Condition)]];
  });
}

/** `arn:aws:ec2:us-east-1:123456789012:instance/*` → `ec2 instance/*`. */
function shortArn(arn: string): string {
  if (!arn.startsWith('arn:')) return arn;
  const [, , service = '', place, owner, ...rest] = arn.split(':');
  const isElsewhere = place === '*' || (owner !== '' && owner !== account) || (place !== '' && place !== region);
  return `${service} ${rest.join(':')}${isElsewhere ? ' (of any account)' : ''}`;
}

function conditionText(condition: Statement['Condition']): string {
  const tests = Object.entries(condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => {
      // Null with "false" requires the key to be present (IAM user guide, condition operators).
      if (operator === 'Null') return `${code(key)} is ${String(value) === 'false' ? 'present' : 'absent'}`;
      return `${code(key)} ${words[operator] ?? operator} ${code(String(value))}`;
    }),
  );
  return tests.join(' and ');
}

/** IAM's operators in words; any other is shown by its name. */
const words: Record<string, string> = {
  StringEquals: 'is',
  StringLike: 'is like',
  StringNotEqualsIgnoreCase: 'is not',
  StringEqualsIgnoreCase: 'is one of',
  'ForAllValues:StringEquals': 'has only',
  'ForAnyValue:StringEqualsIgnoreCase': 'has one of',
  ArnEquals: 'is',
  ArnNotLike: 'is not like',
  Bool: 'is',
};
