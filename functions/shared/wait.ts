import { secondsBetween } from './clock';
import * as z from './schema';

/** The state of every wait loop: when it started, the number of checks, and the seconds until the next one. */
export const waitSchema = z.object({ since: z.string(), attempt: z.number(), waitSeconds: z.number() });
export type Wait = z.output<typeof waitSchema>;

/** Seconds until the next check: 10, 15, 20 … up to 60. */
const backoff = (attempt: number) => Math.min(60, 5 + 5 * attempt);

/**
 * One more check of a wait loop.
 * @param previous the state after the previous check; undefined for the first one
 * @returns the new state, and the seconds since the start
 */
export function lookAgain(previous: Wait | undefined, now: Date): { wait: Wait; waited: number } {
  const { since = now.toISOString(), attempt = 0 } = previous ?? {};
  const wait = { since, attempt: attempt + 1, waitSeconds: backoff(attempt + 1) };
  return { wait, waited: secondsBetween(since, now) };
}
