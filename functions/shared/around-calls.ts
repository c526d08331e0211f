interface Stack {
  // biome-ignore lint/suspicious/noExplicitAny: the stack's own types differ for every client
  add(middleware: any, options: { step: 'initialize'; name: string }): void;
}
type Next = (args: unknown) => Promise<unknown>;

/**
 * Puts something around every call of a client, outside all that the SDK does for it.
 * @param name of the middleware, one of a client
 * @param around makes the call as often as it has to
 */
export function aroundCalls<C extends { middlewareStack: unknown }>(
  client: C,
  name: string,
  around: (call: () => Promise<unknown>) => Promise<unknown>,
): C {
  const middleware = (next: Next) => (args: unknown) => around(() => next(args));
  (client.middlewareStack as Stack).add(middleware, { step: 'initialize', name });
  return client;
}
