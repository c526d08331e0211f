import type * as z from 'zod/mini';
import { InvalidInputError } from './errors';

/** Keys of outside data never reach a message unless they look like ordinary field names. */
const ordinaryKey = /^[A-Za-z_][\w-]{0,63}$/;

function fieldOf(root: string, path: readonly PropertyKey[]): string {
  const parts = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    return ordinaryKey.test(String(key)) ? `.${String(key)}` : '.?';
  });
  return `${root}${parts.join('')}`;
}

/**
 * Parses a value from outside, once.
 * @param root what the value is called in the error, for example "event"
 * @throws InvalidInputError naming the first field that is wrong; it never repeats the value itself
 */
export function parseWith<S extends z.ZodMiniType>(schema: S, value: unknown, root: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new InvalidInputError(fieldOf(root, issue?.path ?? []), expectationOf(issue));
}

function expectationOf(issue: z.core.$ZodIssue | undefined): string {
  if (!issue) return 'is not what was expected';
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'unrecognized_keys') return 'has fields that are not known';
  if (issue.code === 'too_big' || issue.code === 'too_small') return 'is too long, too short, too large or too small';
  if (issue.code === 'invalid_format') return `does not have the form ${issue.format}`;
  return 'is not what was expected';
}
