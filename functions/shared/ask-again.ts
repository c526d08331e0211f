import { aroundCalls } from './around-calls';
import { pause } from './clock';

/**
 * Milliseconds between reads of something that is not found: EC2 is eventually consistent, so one "not found"
 * proves nothing. Within a function's time limit of 25 s.
 * Source: EC2 API reference, "Eventual consistency"; terraform-provider-aws#8029 and amazon.aws#1810 for how it shows.
 */
const pauses = [3_000, 6_000];

/** Reads until it exists, or until reads seconds apart agree that it does not. */
export async function askAgain<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (const wait of pauses) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(wait);
  }
  return look();
}

/**
 * Makes a call whose rejection with one of these codes means that the desired state already exists.
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

/**
 * Repeats every call of a client that is rejected because something is not found. Such a call had no effect, so this also
 * applies to changes, and to clients that retry nothing else. What is still not found then does not exist.
 */
export const asksAgain = <C extends { middlewareStack: unknown }>(client: C): C =>
  aroundCalls(client, 'ask-again', async (call) => {
    for (const wait of pauses) {
      try {
        return await call();
      } catch (error) {
        if (!isNotFound(error)) throw error;
        await pause(wait);
      }
    }
    return call();
  });

/**
 * EC2 codes for something that does not exist: `InvalidInstanceID.NotFound`, `InvalidGroup.NotFound` … A rule that is not
 * there to be removed is no such thing: the desired state already exists.
 */
function isNotFound(error: unknown): boolean {
  return error instanceof Error && /^(?!InvalidPermission|InvalidNetworkAclEntry).*\.NotFound$/.test(error.name);
}
