import { currentStay } from './in-place';

/**
 * A part of a key that tells what is in the place of the running step from its namesakes elsewhere: as it is in the stage's
 * own account, as in every earlier release; with the account before it in any other.
 * @example { pk: `INSTANCE#${here(instanceId)}`, sk: 'GUARD' }
 */
export function here(key: string): string {
  const account = accountHere();
  return account === undefined ? key : `${account}#${key}`;
}

/** The account of the running step; undefined in the stage's own. */
export const accountHere = (): string | undefined => currentStay()?.place.account;
