import { PlaybookError } from '../shared/errors';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';

/** The record layout that this release writes. It also reads the previous ones, so a release needs no migration. */
export const recordVersion = 3;

/** A newer release wrote this record, so this one cannot interpret it. */
export class RecordVersionError extends PlaybookError {}

const versionSchema = z.object({
  recordVersion: z.int().check(z.positive()),
  trigger: z.optional(z.unknown()),
  extra: z.optional(z.record(z.string(), z.unknown())),
});

/**
 * Upgrades a record to the layout of this release; unknown fields are left unchanged.
 * Version 2 had a second version number, `schemaVersion`, and `by-hand` for the trigger `manual`. Version 1 also omitted
 * `extra` from records without additions, and `extra.notes` if there were no notes.
 * @throws RecordVersionError if a newer release wrote it, for example after a rollback: deploy that release again
 * @throws InvalidInputError naming the field if it has no version
 */
export function upgradeRecord(item: Record<string, unknown>): Record<string, unknown> {
  const { recordVersion: written, trigger, extra } = parseWith(versionSchema, item, 'record');
  if (written > recordVersion) {
    throw new RecordVersionError(
      `A newer release wrote this record in version ${written}; this one reads up to version ${recordVersion}. Deploy the newer release again.`,
    );
  }
  if (written === recordVersion) return item;
  const { schemaVersion: _dropped, ...kept } = item;
  return {
    ...kept,
    recordVersion,
    ...(trigger === 'by-hand' ? { trigger: 'manual' } : {}),
    ...(written === 1 ? { extra: { notes: [], ...extra } } : {}),
  };
}
