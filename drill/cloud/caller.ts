import { AsyncLocalStorage } from 'node:async_hooks';
import type { Caller } from './called-by';
import { RuntimeExitError } from './errors';

export type { Caller };

/** One invocation of a function, which can die in the middle of a call. */
export class Invocation {
  dead = false;
  readonly died: Promise<never>;
  private report: (error: Error) => void = () => {};

  /** @param canCrash false for what Step Functions asks of a service by itself: there is no process that could die */
  constructor(
    readonly caller: Caller,
    readonly canCrash = true,
  ) {
    this.died = new Promise((_, reject) => {
      this.report = reject;
    });
    this.died.catch(() => {}); // whoever races against it sees the rejection; alone it must not end the process
  }

  /** Ends the invocation as if its process were killed: none of its calls is ever answered again. */
  kill(): void {
    this.dead = true;
    this.report(new RuntimeExitError(this.caller.executionId));
  }
}

const current = new AsyncLocalStorage<Invocation>();

/** The invocation the running code belongs to, if the stack runner named one. */
export function currentInvocation(): Invocation | undefined {
  return current.getStore();
}

/** Runs `work` as one invocation of `caller`. Rejects with `Runtime.ExitError` when a fault kills it meanwhile. */
export function runAs<T>(caller: Caller, work: () => Promise<T>, canCrash = true): Promise<T> {
  const invocation = new Invocation(caller, canCrash);
  return current.run(invocation, () => Promise.race([work(), invocation.died]));
}
