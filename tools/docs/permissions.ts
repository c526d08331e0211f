import { account, region } from '../../drill/stack/place';
import type { StackResource } from '../../drill/stack/template';
import { code } from './markdown';

interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
}

/** What every role of a function has besides, as the framework adds it. */
const logging = /^(logs|xray):/;

const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** The statements of the role of a function or a machine. */
export function statementsOf(roleArn: unknown, resources: readonly StackResource[]): Statement[] {
  const role = resources.find(({ type, arn }) => type === 'AWS::IAM::Role' && arn === roleArn);
  const policies = (role?.properties.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[];
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** One row a statement: what it allows or denies, on what, and under which condition. Logs and traces are left out. */
export function permissionRows(statements: readonly Statement[]): string[][] {
  return statements.flatMap(({ Effect, Action, Resource, Condition }) => {
    const actions = listOf(Action).filter((action) => !logging.test(action));
    if (actions.length === 0) return [];
    const may = actions.map(code).join(' ');
    const targets = [...new Set(listOf(Resource).map(String).map(shortArn))];
    return [[Effect === 'Deny' ? `**never** ${may}` : may, targets.map(code).join(' '), conditionText(Condition)]];
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
      // Null with "false" asks for the key to be there (IAM user guide, condition operators).
      if (operator === 'Null') return `${code(key)} is ${String(value) === 'false' ? 'there' : 'missing'}`;
      return `${code(key)} ${words[operator] ?? operator} ${code(String(value))}`;
    }),
  );
  return tests.join(' and ');
}

/** IAM's operators in words; one that is not here is shown by its name. */
const words: Record<string, string> = {
  StringEquals: 'is',
  StringLike: 'is like',
  StringNotEqualsIgnoreCase: 'is not',
  StringEqualsIgnoreCase: 'is one of',
  'ForAllValues:StringEquals': 'has nothing but',
  'ForAnyValue:StringEqualsIgnoreCase': 'has one of',
  ArnEquals: 'is',
  ArnNotLike: 'is not like',
  Bool: 'is',
};
