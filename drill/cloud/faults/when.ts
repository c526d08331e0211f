import { z } from 'zod';
import type { ActiveFault, FaultedCall } from './fault';

/** A count with a default, as fault parameters have it. */
export const times = (count: number) => z.number().int().positive().default(count);

/** Which calls a fault is about: a command, optionally only those of one state, of one service, or that name one resource. */
export const targetSchema = z.strictObject({
  command: z.string().optional(),
  service: z.string().optional(),
  state: z.string().optional(),
  resource: z.string().optional(),
});
export type Target = z.input<typeof targetSchema>;

/** Only calls of the playbooks are hit: what a test itself asks of the cloud is left alone. */
export function when({ command, service, state, resource }: Target): (call: FaultedCall) => boolean {
  return ({ entry }) =>
    entry.caller !== undefined &&
    (command === undefined || entry.command === command) &&
    (service === undefined || entry.service === service) &&
    (state === undefined || entry.caller.stateName === state) &&
    (resource === undefined || JSON.stringify(entry.input).includes(resource));
}

/** Holds for the first `count` calls that the condition holds for. */
export function first(count: number, condition: (call: FaultedCall) => boolean): (call: FaultedCall) => boolean {
  let left = count;
  return (call) => {
    if (left === 0 || !condition(call)) return false;
    left -= 1;
    return true;
  };
}

export const once = (condition: (call: FaultedCall) => boolean) => first(1, condition);

/** Holds for the n-th call (from 1) that the condition holds for. */
export function nth(n: number, condition: (call: FaultedCall) => boolean): (call: FaultedCall) => boolean {
  let seen = 0;
  return (call) => {
    if (!condition(call)) return false;
    seen += 1;
    return seen === n;
  };
}

type Condition = (call: FaultedCall) => boolean;

/** A fault that does something just before the calls that the condition holds for. */
export const beforeCalls = (hit: Condition, act: (call: FaultedCall) => void): ActiveFault => ({
  before: (call) => {
    if (hit(call)) act(call);
    return undefined;
  },
});

/** A fault that does something once the calls that the condition holds for have taken effect, before the caller hears of it. */
export const afterCalls = (hit: Condition, act: (call: FaultedCall) => void): ActiveFault => ({
  after: (call) => {
    if (hit(call)) act(call);
    return undefined;
  },
});

/** A fault that refuses the calls that the condition holds for. */
export const refuseCalls = (hit: Condition, errorOf: (call: FaultedCall) => Error): ActiveFault =>
  beforeCalls(hit, (call) => {
    throw errorOf(call);
  });
