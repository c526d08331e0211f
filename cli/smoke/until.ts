import { PlaybookError } from '../../functions/shared/errors';

/** Ctrl-C: what was changed is put back, and nothing more is asked. */
export class InterruptedError extends PlaybookError {}

/** Time, and what ends it early. */
export interface Clock {
  now: () => Date;
  /** Waits, at most until the signal is aborted. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
}

/** Gentle on the services' request rates, and short beside what is waited for. */
const lookEveryMs = 5_000;

/**
 * Looks again and again until something is there.
 * @returns undefined if it is not there within the time
 * @throws InterruptedError on Ctrl-C; what `look` throws
 */
export async function until<T>(
  { now, wait, signal }: Clock,
  limitMs: number,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const end = now().getTime() + limitMs;
  for (;;) {
    goOn(signal);
    const found = await look();
    if (found !== undefined || now().getTime() >= end) return found;
    goOn(signal);
    await wait(lookEveryMs, signal);
  }
}

/** @throws InterruptedError after Ctrl-C */
export function goOn(signal: AbortSignal): void {
  if (signal.aborted) throw new InterruptedError('Stopped: what the run had changed is put back.');
}
