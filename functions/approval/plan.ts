import { createHash } from 'node:crypto';
import { type Subject, type Target, wordsOf } from './targets';

/** What exactly is requested: one operation on one target, by one execution of one playbook. */
export interface Plan<S extends Subject = Subject> {
  playbook: string;
  executionId: string;
  subject: S;
  target: Target<S>;
}

/** The hash of a plan and its text (SHA-256, hexadecimal). Pure. */
export function hashOf<S extends Subject>({ playbook, executionId, subject, target }: Plan<S>): string {
  const told = [playbook, executionId, subject, sorted(target), wordsOf(subject, target)];
  return createHash('sha256').update(JSON.stringify(told)).digest('hex');
}

/** The same object with sorted keys, so that the same plan always has the same hash. */
function sorted(value: object): [string, unknown][] {
  return Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
