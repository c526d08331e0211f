import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs work that ends in its own way on Ctrl-C, instead of the process being killed.
 * @param work receives the signal that Ctrl-C aborts
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  const stop = () => interrupted.abort();
  // Not `once`: the package that hides the cursor for a spinner kills the process if it is the only listener.
  process.on('SIGINT', stop);
  try {
    return await work(interrupted.signal);
  } finally {
    process.off('SIGINT', stop);
  }
}

/** Waits, at most until the signal is aborted. */
export async function waitUnless(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
