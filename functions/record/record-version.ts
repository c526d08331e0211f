import { PlaybookError } from '../shared/errors';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';

/** The layout of records that this release writes. It reads the former one too, so that a release needs no migration. */
export const recordVersion = 2;

/** A record was written by a newer release than this one, which cannot know what it means. */
export class RecordVersionError extends PlaybookError {}

const versionSchema = z.object({
  recordVersion: z.int().check(z.positive()),
  extra: z.optional(z.record(z.string(), z.unknown())),
});

/**
 * Brings a record to the layout of this release; what it does not know about is left alone.
 * Version 1 left `extra` out of records that were closed with nothing to add, and `extra.notes` where there were none.
 * @throws RecordVersionError when a newer release wrote it, as after a way back: deploy that release again
 * @throws InvalidInputError naming the field when it has no version
 */
export function upgradeRecord(item: Record<string, unknown>): Record<string, unknown> {
  const { recordVersion: written, extra } = parseWith(versionSchema, item, 'record');
  if (written > recordVersion) {
    throw new RecordVersionError(
      `A newer release wrote this record in version ${written}; this one reads up to version ${recordVersion}.`,
    );
  }
  if (written === recordVersion) return item;
  return { ...item, recordVersion, extra: { notes: [], ...extra } };
}
