import { createInterface } from 'node:readline/promises';

/** Asks at the terminal; no answer means no. */
export async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const gone = new AbortController();
  // Ctrl-C and Ctrl-D count as no answer, which means no.
  for (const event of ['SIGINT', 'close'] as const) terminal.once(event, () => gone.abort());
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal: gone.signal })).trim());
  } catch (error) {
    if (!gone.signal.aborted) throw error;
    return false;
  } finally {
    terminal.close();
  }
}
