/**
 * Does work that Ctrl-C asks to come to an end in its own way, in place of killing the process.
 * @param work is given the signal that Ctrl-C aborts
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  const stop = () => interrupted.abort();
  // Not `once`: what hides the cursor for a spinner kills the process as soon as it listens alone.
  process.on('SIGINT', stop);
  try {
    return await work(interrupted.signal);
  } finally {
    process.off('SIGINT', stop);
  }
}
