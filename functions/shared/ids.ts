import { createHash, randomUUID } from 'node:crypto';

/** The source of IDs for steps: each call returns a new one. */
export type Ids = () => string;

/**
 * The IDs of one invocation, derived from its request ID, which comes from Lambda or a drill, so that drills are
 * reproducible.
 * @param requestId omitted if there is none: then the IDs are random
 */
export function idsFrom(requestId: string = randomUUID()): Ids {
  let drawn = 0;
  return () => {
    drawn += 1;
    return createHash('sha256').update(`${requestId}#${drawn}`).digest('hex').slice(0, 12);
  };
}
