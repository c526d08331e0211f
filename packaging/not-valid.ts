import type { z } from 'zod';

/**
 * The errors of a schema, one line per field.
 * @param what a file, or a part of it
 */
export function notValid(what: string, error: z.ZodError): string {
  // The first error of a field is enough.
  const byField = new Map(error.issues.map(({ path, message }) => [path.join('.'), message] as const).reverse());
  const lines = [...byField].reverse().map(([field, message]) => `  ${field ? `${field}: ` : ''}${message}`);
  return `${what} is not valid:\n${lines.join('\n')}`;
}
