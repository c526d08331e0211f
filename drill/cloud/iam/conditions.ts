/** The values of a condition key in a request, by the key in small letters; empty where the request has no such key. */
export type ConditionValues = (key: string) => readonly string[];

/** The Condition of a statement: operators, each with its keys and what it asks of them. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** IAM's wildcards, which do not tell capitals from small letters in an action. */
export function matches(pattern: string, text: string): boolean {
  if (pattern === '*') return true;
  return expressionOf(pattern, 'is').test(text);
}

/** The same where capitals count, as in the value of a condition. */
const matchesExactly = (pattern: string, text: string) => expressionOf(pattern, 's').test(text);

/** The patterns of a template are few, and each call is judged by them. */
const expressions = new Map<string, RegExp>();

function expressionOf(pattern: string, flags: string): RegExp {
  const key = `${flags} ${pattern}`;
  const kept = expressions.get(key);
  if (kept) return kept;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  const expression = new RegExp(`^${source}$`, flags);
  expressions.set(key, expression);
  return expression;
}

/**
 * Whether every condition holds. Source: IAM user guide, "IAM JSON policy elements: Condition", "Condition operators": all
 * operators and all of their keys must hold.
 */
export function conditionsHold(conditions: Conditions, values: ConditionValues): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      test(operator, values(key.toLowerCase()), [wanted].flat().map(String)),
    ),
  );
}

/**
 * Whether one operator holds for the values that a request has of a key.
 * Source: IAM user guide, "IAM JSON policy elements: Condition operators"; "Multivalued context keys".
 */
export function test(operator: string, values: readonly string[], wanted: readonly string[]): boolean {
  const [, set, base = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (ifExists && values.length === 0) return true;
  // A set of all values is empty where the key is missing, and then the condition holds.
  if (set === 'ForAllValues') return values.every((value) => testOne(base, [value], wanted));
  if (set === 'ForAnyValue') return values.some((value) => testOne(base, [value], wanted));
  return testOne(base, values, wanted);
}

/** With several values, a key that two tags share in different letters, of which IAM takes either: the one that says no. */
function testOne(operator: string, values: readonly string[], wanted: readonly string[]): boolean {
  const lower = wanted.map((one) => one.toLowerCase());
  const all = (holds: (value: string) => boolean) => values.length > 0 && values.every(holds);
  switch (operator) {
    case 'StringEquals':
    case 'ArnEquals':
      return operator === 'ArnEquals' ? testOne('ArnLike', values, wanted) : all((value) => wanted.includes(value));
    case 'StringNotEquals':
      return values.length === 0 || values.some((value) => !wanted.includes(value));
    case 'StringEqualsIgnoreCase':
      return all((value) => lower.includes(value.toLowerCase()));
    case 'StringNotEqualsIgnoreCase':
      return values.length === 0 || values.some((value) => !lower.includes(value.toLowerCase()));
    case 'StringLike':
      return all((value) => wanted.some((one) => matchesExactly(one, value)));
    case 'StringNotLike':
      return !testOne('StringLike', values, wanted);
    case 'ArnLike':
      return all((value) => wanted.some((one) => isArnLike(one, value)));
    case 'ArnNotLike':
      return !testOne('ArnLike', values, wanted);
    case 'Bool':
      return all((value) => lower.includes(value.toLowerCase()));
    case 'Null':
      return wanted.includes(String(values.length === 0));
    default:
      throw new Error(`The simulated IAM does not know the operator ${operator}.`);
  }
}

/** Each of the six parts of an ARN is compared by itself: no wildcard reaches across a colon of the first five. */
function isArnLike(pattern: string, arn: string): boolean {
  const parts = (text: string) => {
    const all = text.split(':');
    return [...all.slice(0, 5), all.slice(5).join(':')];
  };
  const given = parts(arn);
  const asked = parts(pattern);
  return asked.every((one, index) => matchesExactly(one, given[index] ?? ''));
}
