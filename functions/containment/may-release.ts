import { assertMayChange } from '../guard/may-change';
import { readEntry, writeEntry } from '../record/store';
import { PlaybookError } from '../shared/errors';
import { parseWith } from '../shared/parse';
import type { StepTools } from '../shared/step';
import { readIsolation } from './isolation-record';
import type { ReleasingIncident } from './releasing';
import { type Before, beforeSchemas, type Change, changeKey, type Kind } from './saved';

/** Somebody has changed it since the isolation: it is left as it is, and a person decides. */
export class ChangedSinceError extends PlaybookError {}
/** The isolation that is to be undone was of another instance: a lease of this one says nothing about that one. */
export class NotItsIsolationError extends PlaybookError {}

/** Asked before anything is put back: what every change needs. The person who started the release has approved it. */
export async function assertMayRelease(incident: ReleasingIncident, tools: StepTools): Promise<void> {
  await assertMayChange(incident, tools);
  await assertItsIsolation(incident, tools);
}

/** The record says which instance was isolated; the input only which incident did it. @throws NotItsIsolationError */
export async function assertItsIsolation(
  { instanceId, isolatedBy }: ReleasingIncident,
  { config }: StepTools,
): Promise<void> {
  const isolation = await readIsolation(isolatedBy, config);
  if (isolation.instanceId === instanceId) return;
  throw new NotItsIsolationError(`Incident ${isolatedBy} isolated ${isolation.instanceId}, not ${instanceId}.`);
}

/** What the isolation saved before a change. */
export async function readBefore<K extends Kind>(
  { isolatedBy }: ReleasingIncident,
  kind: K,
  id: string,
  { config }: StepTools,
): Promise<Before<K>> {
  const key = changeKey(kind, id);
  const entry = await readEntry(isolatedBy, key, config);
  return parseWith(beforeSchemas[kind], entry?.before, 'entry.before') as Before<K>;
}

/** Notes in the release's own timeline that a change is being undone. */
export async function noteRestore(
  { incidentId }: ReleasingIncident,
  { kind, id }: Change,
  tools: StepTools,
): Promise<void> {
  const what = `Puts back: ${id ? `${kind} ${id}` : kind}.`;
  const entry = { key: `restored#${kind}#${id}`, at: tools.clock.now().toISOString(), what };
  await writeEntry(incidentId, entry, tools.config);
}
