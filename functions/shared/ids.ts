import { createHash, randomUUID } from 'node:crypto';

/** Where steps get ids from: each call gives another one. */
export type Ids = () => string;

/**
 * Ids of one invocation, drawn from its request id, which Lambda gives, or a drill, so that a drill can be repeated.
 * @param requestId left out where nobody gives one: then the ids are random
 */
export function idsFrom(requestId: string = randomUUID()): Ids {
  let drawn = 0;
  return () => {
    drawn += 1;
    return createHash('sha256').update(`${requestId}#${drawn}`).digest('hex').slice(0, 12);
  };
}
