import type { z } from 'zod';

/**
 * What a schema finds wrong, a line for each field.
 * @param what a file, or a part of it
 */
export function notValid(what: string, error: z.ZodError): string {
  // The first that is wrong with a field says enough.
  const byField = new Map(error.issues.map(({ path, message }) => [path.join('.'), message] as const).reverse());
  const lines = [...byField].reverse().map(([field, message]) => `  ${field ? `${field}: ` : ''}${message}`);
  return `${what} is not valid:\n${lines.join('\n')}`;
}
