import { secondsBetween } from './clock';
import * as z from './schema';

/** What every wait of a machine carries from look to look: when it began, how many looks it took, and when the next one is due. */
export const waitSchema = z.object({ since: z.string(), attempt: z.number(), waitSeconds: z.number() });
export type Wait = z.output<typeof waitSchema>;

/** Seconds until the next look: 10, 15, 20 … up to 60. */
const backoff = (attempt: number) => Math.min(60, 5 + 5 * attempt);

/**
 * One more look of a wait.
 * @param previous how it stood after the look before; undefined when this is the first one
 * @returns how it stands now, and for how many seconds it has been on
 */
export function lookAgain(previous: Wait | undefined, now: Date): { wait: Wait; waited: number } {
  const { since = now.toISOString(), attempt = 0 } = previous ?? {};
  const wait = { since, attempt: attempt + 1, waitSeconds: backoff(attempt + 1) };
  return { wait, waited: secondsBetween(since, now) };
}
