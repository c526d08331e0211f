import type { z } from 'zod';
import type { Caller } from '../caller';
import type { LedgerEntry } from '../ledger';
import type { Models } from '../models';

/** A call on its way, as a fault sees it. */
export interface FaultedCall {
  readonly entry: LedgerEntry;
  /** Position among all calls of the drill, from 1. */
  readonly number: number;
}

/** What a fault does around the calls of a drill. Every part is optional. */
export interface ActiveFault {
  /** When a function is invoked, before its code runs. Throwing refuses the invocation. */
  invoke?(caller: Caller): void;
  /** Before the service acts. Throwing refuses the call; `'crash'` kills the invocation before the call leaves. */
  before?(call: FaultedCall): 'crash' | undefined;
  /** After the service acted, before the caller hears of it. Throwing answers with an error; `'crash'` kills the invocation; a number delays the answer (ms). */
  after?(call: FaultedCall): 'crash' | number | undefined;
  /** Looks at the answer and may replace it. */
  tamper?(call: FaultedCall, output: unknown): unknown;
}

/** A fault that can be named in a scenario. */
export interface FaultModel<Params extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** One line for `--list`. */
  readonly description: string;
  readonly params: Params;
  /** Switches the fault on, in a cloud that is being built. */
  apply(params: z.infer<Params>, cloud: Models): ActiveFault;
}

/** Declares a fault with its parameters' types inferred. */
export function fault<Params extends z.ZodType>(model: FaultModel<Params>): FaultModel {
  return model as unknown as FaultModel;
}
