/** A key refers to a param that the stage does not have. */
export class UnknownParamError extends Error {
  override name = 'UnknownParamError';
}

/**
 * Resolves `${param:…}` in keys, in place. The Serverless Framework does so only in values, but IAM's condition keys contain
 * tag names: unresolved, a condition would require a tag called `${param:optInTag}`, which nothing has.
 * @throws UnknownParamError naming the place
 */
export function fillKeys(node: unknown, params: Record<string, unknown>, at: string): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    fillKeys(value, params, `${at}.${key}`);
    const filled = key.replace(/\$\{param:(\w+)\}/g, (_whole, name: string) => {
      if (!(name in params)) throw new UnknownParamError(`${at}.${key}: the param ${name} does not exist`);
      return String(params[name]);
    });
    if (filled === key) continue;
    delete (node as Record<string, unknown>)[key];
    (node as Record<string, unknown>)[filled] = value;
  }
}
