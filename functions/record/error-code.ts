import type { Code } from './codes';

/** Errors that use the code of the matching rule. */
const namedOtherwise: Readonly<Record<string, Code>> = {
  ProtectedInstanceError: 'protected',
  NotOursError: 'stopped-by-others',
};

/** An error's name in the form of a code, whether or not the catalogue has it: `LeaseLostError` → `lease-lost`. */
export const codeNameOf = (error: string): string =>
  namedOtherwise[error] ??
  error
    .replace(/(Error|Exception)$/, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
