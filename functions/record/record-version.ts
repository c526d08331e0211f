import { PlaybookError } from '../shared/errors';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';

/** The record layout that this release writes. It also reads the previous one, so a release needs no migration. */
export const recordVersion = 2;

/** A newer release wrote this record, so this one cannot interpret it. */
export class RecordVersionError extends PlaybookError {}

const versionSchema = z.object({
  recordVersion: z.int().check(z.positive()),
  extra: z.optional(z.record(z.string(), z.unknown())),
});

/**
 * Upgrades a record to the layout of this release; unknown fields are left unchanged.
 * Version 1 omitted `extra` from records without additions, and `extra.notes` if there were no notes.
 * @throws RecordVersionError if a newer release wrote it, for example after a rollback: deploy that release again
 * @throws InvalidInputError naming the field if it has no version
 */
export function upgradeRecord(item: Record<string, unknown>): Record<string, unknown> {
  const { recordVersion: written, extra } = parseWith(versionSchema, item, 'record');
  if (written > recordVersion) {
    throw new RecordVersionError(
      `A newer release wrote this record in version ${written}; this one reads up to version ${recordVersion}. Deploy the newer release again.`,
    );
  }
  if (written === recordVersion) return item;
  return { ...item, recordVersion, extra: { notes: [], ...extra } };
}
