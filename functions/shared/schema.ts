import * as mini from 'zod/mini';

export * from 'zod/mini';

const plain = { string: mini.string(), number: mini.number(), boolean: mini.boolean() };
const optionals = new WeakMap<mini.core.$ZodType, mini.core.$ZodType>();

// Schemas never change, so one of each kind is shared: creating a hundred more took a twentieth of a cold start.
export const string = (): mini.ZodMiniString => plain.string;
export const number = (): mini.ZodMiniNumber => plain.number;
export const boolean = (): mini.ZodMiniBoolean => plain.boolean;

/** `z.optional` of zod, with one optional per schema. */
export function optional<T extends mini.core.SomeType>(inner: T): mini.ZodMiniOptional<T> {
  const known = optionals.get(inner as unknown as mini.core.$ZodType);
  if (known) return known as mini.ZodMiniOptional<T>;
  const made = mini.optional(inner);
  optionals.set(inner as unknown as mini.core.$ZodType, made);
  return made;
}

/**
 * Text that matches a pattern.
 * @param what the pattern in words, for example "an account ID": what a reader is told was expected
 */
export const matching = (pattern: RegExp, what: string): mini.ZodMiniString =>
  plain.string.check(mini.regex(pattern, what));
