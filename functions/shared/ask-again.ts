import { pause } from './clock';

/**
 * Milliseconds between looks at something that is not to be found: EC2 is eventually consistent, so one "not found"
 * proves nothing. Within a function's time limit of 25 s.
 * Source: EC2 API reference, "Eventual consistency"; terraform-provider-aws#8029 and amazon.aws#1810 for how it shows.
 */
const pauses = [3_000, 6_000];

/** Looks until it is there, or until looks that are seconds apart agree that it is not. */
export async function askAgain<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (const wait of pauses) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(wait);
  }
  return look();
}

/**
 * Makes a call whose rejection by one of these codes says that what it asks for is there already, or gone already.
 * @returns undefined in that case
 */
export async function unlessAlready<T>(code: string, call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && error.name === code) return undefined;
    throw error;
  }
}

interface Stack {
  // biome-ignore lint/suspicious/noExplicitAny: the stack's own types differ for every client
  add(middleware: any, options: { step: 'initialize'; name: string }): void;
}
type Next = (args: unknown) => Promise<unknown>;

/**
 * Makes every call of a client again that is refused because something is not to be found. Such a refusal had no effect,
 * so this holds for changes too, and for clients that repeat nothing else. What is still not found then is not there.
 */
export function asksAgain<C extends { middlewareStack: unknown }>(client: C): C {
  const middleware = (next: Next) => async (args: unknown) => {
    for (const wait of pauses) {
      try {
        return await next(args);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        await pause(wait);
      }
    }
    return next(args);
  };
  (client.middlewareStack as Stack).add(middleware, { step: 'initialize', name: 'ask-again' });
  return client;
}

/** Codes of EC2 that say that something does not exist: `InvalidInstanceID.NotFound`, `InvalidGroup.NotFound` … */
function isNotFound(error: unknown): boolean {
  return error instanceof Error && /^(?!InvalidPermission).*\.NotFound$/.test(error.name);
}
