import { createHash } from 'node:crypto';

/**
 * The incident's id: short, safe anywhere, and the same for every delivery of the same alarm transition.
 * @param key what happened, for example alarm ARN and state timestamp
 */
export function incidentIdOf(key: string): string {
  return `inc-${createHash('sha256').update(key).digest('hex').slice(0, 20)}`;
}
