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

function expectationOf(issue: z.core.$ZodIssue | undefined): string {
  if (!issue) return 'is not what was expected';
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'unrecognized_keys') return 'has unknown fields';
  if (issue.code === 'too_big' || issue.code === 'too_small') return 'is too long, too short, too large or too small';
  if (issue.code === 'invalid_format') return `does not have the form ${issue.format}`;
  return 'is not what was expected';
}
