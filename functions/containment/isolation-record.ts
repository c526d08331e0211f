import { placeSchema } from '../place/place';
import type { TimelineEntry } from '../record/incident';
import { manifestEntry, membershipEntry, recordKey } from '../record/store';
import { membershipSchema } from '../service/membership';
import { readItem } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';
import { instanceIdSchema } from '../shared/identifiers';
import * as z from '../shared/schema';
import { beforeSchemas, type Change, changeOf, kinds } from './saved';
import { hashOfSaved } from './saved-hash';

/** The isolation's record lacks something that a release needs; the message says what. */
export class RecordIncompleteError extends PlaybookError {}

/** The isolation has not ended yet, so there is nothing to release. */
export class IsolationUnderWayError extends PlaybookError {}

const recordSchema = z.object({
  playbook: z.literal('isolate-instance'),
  status: z.literal('CLOSED'),
  instanceId: instanceIdSchema,
  place: z.optional(placeSchema),
});

/** The closed record of an isolation. @throws IsolationUnderWayError while it is open, RecordIncompleteError if there is none */
export async function readIsolation(incidentId: string, config: Config): Promise<z.output<typeof recordSchema>> {
  const record = await readItem(recordKey(incidentId), config);
  const parsed = recordSchema.safeParse(record);
  if (parsed.success) return parsed.data;
  if (record?.playbook === 'isolate-instance' && record.status === 'OPEN')
    throw new IsolationUnderWayError(
      `Incident ${incidentId} is still isolating the instance. Wait until it has ended, then start the release again.`,
    );
  throw new RecordIncompleteError(`There is no closed record of an isolation by incident ${incidentId}.`);
}

/**
 * The changes to revert, the last one first. Pure.
 * @throws RecordIncompleteError naming every saved state that is missing or not valid, or when one has been changed
 */
export function changesToUndo(timeline: readonly TimelineEntry[]): Change[] {
  const byKey = new Map(timeline.map((entry) => [entry.key, entry]));
  const listed = z.safeParse(
    z.object({ changes: z.array(z.string()), sha256: z.optional(z.string()) }),
    byKey.get(manifestEntry)?.before,
  );
  if (!listed.success) throw new RecordIncompleteError('Missing in the record: the list of changes.');
  const wanted = new Set([...listed.data.changes, ...byKey.keys()].filter((key) => changeOf(key) !== undefined));
  const missing = [...wanted].filter((key) => !isReadable(key, byKey.get(key)));
  if (missing.length > 0) throw new RecordIncompleteError(`Missing in the record: ${missing.join(', ')}.`);
  // Isolations of earlier releases have no hash.
  const { sha256 } = listed.data;
  if (sha256 !== undefined && sha256 !== hashOfSaved(timeline))
    throw new RecordIncompleteError(
      'The saved state is not the one that the isolation recorded: it has been changed since.',
    );
  const changes = [...wanted].map((key) => changeOf(key)!);
  const service = byKey.get(membershipEntry);
  if (service) {
    parseService(service);
    changes.push({ kind: 'service', id: '' });
  }
  return changes.sort((a, b) => kinds.indexOf(b.kind) - kinds.indexOf(a.kind) || b.id.localeCompare(a.id));
}

function isReadable(key: string, entry: TimelineEntry | undefined): boolean {
  return beforeSchemas[changeOf(key)!.kind].safeParse(entry?.before).success;
}

function parseService({ before }: TimelineEntry): void {
  if (membershipSchema.safeParse(before).success) return;
  throw new RecordIncompleteError(`Missing in the record: ${membershipEntry}.`);
}
