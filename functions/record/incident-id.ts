import { createHash } from 'node:crypto';

/**
 * The incident's ID: short, safe in any context, and the same for every delivery of an alarm transition.
 * @param key what identifies the event, for example alarm ARN and state timestamp
 */
export function incidentIdOf(key: string): string {
  return `inc-${createHash('sha256').update(key).digest('hex').slice(0, 20)}`;
}
