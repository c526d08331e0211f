import { InvalidInputError } from './errors';
import type * as z from './schema';

type Schema = z.core.$ZodType;

/** The schemas inside an optional, a default, a pipe or a union. */
function insideOf(schema: Schema): Schema[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'union') return def.options.flatMap(insideOf);
  if (def.type === 'pipe') return [...insideOf(def.in), ...insideOf(def.out)];
  return 'innerType' in def ? insideOf(def.innerType) : [schema];
}

/** The schema of one of a schema's keys; none if the key belongs to the data. */
function declaredAt(schema: Schema, key: PropertyKey): Schema[] {
  return insideOf(schema).flatMap((one) => {
    const { def } = (one as z.core.$ZodTypes)._zod;
    if (def.type === 'array' && typeof key === 'number') return [def.element];
    return def.type === 'object' && Object.hasOwn(def.shape, key) ? [def.shape[String(key)]!] : [];
  });
}

/** Only keys named in the schema appear in a message; a key from outside data is shown as a question mark. */
function fieldOf(root: string, schema: Schema, path: readonly PropertyKey[]): string {
  let known = [schema];
  const parts = path.map((key) => {
    known = known.flatMap((one) => declaredAt(one, key));
    if (known.length === 0) return '.?';
    return typeof key === 'number' ? `[${key}]` : `.${String(key)}`;
  });
  return `${root}${parts.join('')}`;
}

/**
 * Parses a value from outside, once.
 * @param root the name of the value in the error, for example "event"
 * @throws InvalidInputError naming the first invalid field; it never repeats the value itself
 */
export function parseWith<S extends z.ZodMiniType>(schema: S, value: unknown, root: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new InvalidInputError(fieldOf(root, schema, issue?.path ?? []), expectationOf(issue));
}

/** Deeper than any schema here; anything below stays as it is. */
const deepest = 20;

/**
 * A value from outside without its null fields: services write an optional field without a value either way.
 * A required field is then reported as missing, which is clearer than null.
 */
export function withoutNulls(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > deepest) return value;
  if (Array.isArray(value)) return value.map((one) => withoutNulls(one, depth + 1));
  const kept = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(kept.map(([key, field]) => [key, withoutNulls(field, depth + 1)]));
}

/** `parseWith` for input from outside. @throws InvalidInputError, as parseWith */
export function parseOutside<S extends z.ZodMiniType>(schema: S, value: unknown, root: string): z.output<S> {
  return parseWith(schema, withoutNulls(value), root);
}

/** What was expected, in words, without schema terms. */
function expectationOf(issue: z.core.$ZodIssue | undefined): string {
  if (!issue) return notExpected;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${kindWords[issue.expected] ?? 'something else'}`;
    case 'invalid_value':
      return `expected one of ${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return 'has unknown fields';
    case 'too_big':
      return `expected at most ${sizeOf(issue.maximum, issue.origin)}`;
    case 'too_small':
      return `expected at least ${sizeOf(issue.minimum, issue.origin)}`;
    case 'invalid_format':
      if ('prefix' in issue) return `expected text that begins with ${String(issue.prefix)}`;
      return hasWords(issue.message) ? `expected ${issue.message}` : notExpected;
    case 'invalid_union': {
      const each = issue.errors.map(([first]) => expectationOf(first)).filter((words) => words.startsWith('expected '));
      return each.length > 0 ? [...new Set(each)].join(', or ').replaceAll(', or expected ', ', or ') : notExpected;
    }
    case 'custom':
      return hasWords(issue.message) ? `expected ${issue.message}` : notExpected;
    default:
      return notExpected;
  }
}

const notExpected = 'is not what was expected';

const kindWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  null: 'nothing',
};

const sizeOf = (limit: number | bigint, origin: string) =>
  origin === 'string' ? `${limit} characters` : origin === 'array' ? `${limit} entries` : String(limit);

/** Our own schemas have a description in words; the library's messages do not help a reader. */
const hasWords = (message: string | undefined) => message !== undefined && !/^Invalid/.test(message);
