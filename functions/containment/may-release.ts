import { assertApproved } from '../approval/approved';
import { assertMayChange } from '../guard/may-change';
import { readEntry, writeEntry } from '../record/store';
import { PlaybookError } from '../shared/errors';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import type { StepTools } from '../shared/step';
import { readIsolation } from './isolation-record';
import type { ReleasingIncident } from './releasing';
import { type Before, beforeSchemas, type Change, changeKey, type Kind } from './saved';

/** Someone has changed it since the isolation: it is left as it is for a person to decide. */
export class ChangedSinceError extends PlaybookError {}
/** The isolation to revert was of another instance, which this instance's lease does not cover. */
export class NotItsIsolationError extends PlaybookError {}

const environment = z.object({ RELEASE_APPROVAL: z._default(z.optional(z.enum(['ask', 'never'])), 'ask') });

/** Whether the stage asks before an instance is released. */
export const releaseApproval = (): 'ask' | 'never' =>
  parseWith(environment, process.env, 'environment').RELEASE_APPROVAL;

/** Checked before anything is restored: the checks of every change, and the approval unless the stage does without. */
export async function assertMayRelease(incident: ReleasingIncident, tools: StepTools): Promise<void> {
  await assertMayChange(incident, tools);
  await assertItsIsolation(incident, tools);
  await assertReleaseApproved(incident, tools);
}

/** @throws NotApprovedError */
export async function assertReleaseApproved(incident: ReleasingIncident, tools: StepTools): Promise<void> {
  if (releaseApproval() === 'never') return;
  const { instanceId, isolatedBy } = incident;
  await assertApproved(incident, { subject: 'release', instanceId, isolatedBy }, tools);
}

/** The record names the isolated instance; the input only the incident. @throws NotItsIsolationError */
export async function assertItsIsolation(
  { instanceId, isolatedBy }: Pick<ReleasingIncident, 'instanceId' | 'isolatedBy'>,
  { config }: StepTools,
): Promise<void> {
  const isolation = await readIsolation(isolatedBy, config);
  if (isolation.instanceId === instanceId) return;
  throw new NotItsIsolationError(`Incident ${isolatedBy} isolated ${isolation.instanceId}, not ${instanceId}.`);
}

/** The state that the isolation saved before a change. */
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

/** Records in the release's own timeline that a change is being reverted. */
export async function noteRestore(
  { incidentId }: ReleasingIncident,
  { kind, id }: Change,
  tools: StepTools,
): Promise<void> {
  const what = `Restoring ${id ? `${kind} ${id}` : kind}.`;
  const entry = { key: `restored#${kind}#${id}`, at: tools.clock.now().toISOString(), what };
  await writeEntry(incidentId, entry, tools.config);
}
