/** A key names a param that the stage does not have. */
export class UnknownParamError extends Error {
  override name = 'UnknownParamError';
}

/**
 * Fills `${param:…}` in keys, in place. The Serverless Framework does so in values only, and IAM's condition keys hold
 * the name of a tag: left as it is, a condition would ask for a tag called `${param:optInTag}`, which nothing has.
 * @throws UnknownParamError naming the place
 */
export function fillKeys(node: unknown, params: Record<string, unknown>, at: string): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    fillKeys(value, params, `${at}.${key}`);
    const filled = key.replace(/\$\{param:(\w+)\}/g, (_whole, name: string) => {
      if (!(name in params)) throw new UnknownParamError(`${at}.${key}: there is no param ${name}`);
      return String(params[name]);
    });
    if (filled === key) continue;
    delete (node as Record<string, unknown>)[key];
    (node as Record<string, unknown>)[filled] = value;
  }
}
