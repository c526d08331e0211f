import { ec2Rows } from './ec2';
import { otherRows } from './others';
import { type Behaviour, everywhere, everywhereInEc2, type Within } from './row';

/**
 * How AWS behaves, operation by operation, as its documents say: what the simulated cloud does, what random drills draw from
 * and what docs/aws-behaviour.md is made from. A test compares it with every operation that is called and with what the
 * code and the state machines do about each rejection.
 */
export const behaviour: readonly Behaviour[] = [...ec2Rows, ...otherRows];

/** A rejection that passes by itself. */
export interface Passing {
  operation: string;
  code: string;
  within: Within;
}

/** Every rejection that does not pass by itself, of every operation. */
export const standing: readonly Pick<Passing, 'operation' | 'code'>[] = behaviour.flatMap(
  ({ operations, stands = [] }) => operations.flatMap((operation) => stands.map((code) => ({ operation, code }))),
);

/** Every rejection that passes, of every operation, also those that are the same everywhere. */
export const passing: readonly Passing[] = behaviour.flatMap(({ operations, passes = {} }) =>
  operations.flatMap((operation) => {
    const inEc2 = operation.startsWith('ec2:') ? everywhereInEc2 : {};
    return Object.entries({ ...everywhere, ...inEc2, ...passes }).map(([code, within]) => ({
      operation,
      code,
      within,
    }));
  }),
);
