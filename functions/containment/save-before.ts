import { writeEntry } from '../record/store';
import type { StepTools } from '../shared/step';
import { type Before, changeKey, type Kind } from './saved';

/** How to revert a change, and its text in the timeline. */
interface Words {
  id?: string;
  what: string;
  revert: string;
}

/**
 * Saves the state before a change; the first save stays, so a retry after a crash cannot save our own change.
 * @returns false if an earlier attempt got at least this far
 */
export async function saveBefore<K extends Kind>(
  incidentId: string,
  kind: K,
  before: Before<K>,
  { id, what, revert }: Words,
  { clock, config }: StepTools,
): Promise<boolean> {
  const entry = { key: changeKey(kind, id), at: clock.now().toISOString(), what, before, revert };
  return writeEntry(incidentId, entry, config);
}
