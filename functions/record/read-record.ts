import { placeSchema } from '../place/place';
import { readItem } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { codeSchema } from './codes';
import { outcomeSchema } from './outcomes';
import { upgradeRecord } from './record-version';
import { recordKey } from './store';

/** There is no closed record with that ID. */
export class RecordNotFoundError extends PlaybookError {}

/** The fields of a closed incident that a notice needs. */
const closedRecordSchema = z.object({
  incidentId: z.string(),
  playbook: z.string(),
  executionId: z.string(),
  drill: z.boolean(),
  trigger: z.optional(z.string()),
  outcome: outcomeSchema,
  code: z.optional(codeSchema),
  reason: z.string(),
  instanceId: z.optional(z.string()),
  place: z.optional(placeSchema),
  alarmName: z.optional(z.string()),
  noticeState: z.optional(z.literal('PENDING')),
  finding: z.optional(z.object({ title: z.string() })),
  extra: z.object({ notes: z.array(z.string()), target: z.optional(z.string()) }),
});

/** Reads and validates a closed record. */
export async function readRecord(incidentId: string, config: Config) {
  const item = await readItem(recordKey(incidentId), config);
  if (!item?.outcome) throw new RecordNotFoundError(`There is no closed incident ${incidentId}.`);
  const { extra, finding, ...record } = parseWith(closedRecordSchema, upgradeRecord(item), 'record');
  return { ...record, findingTitle: finding?.title, target: extra.target, notes: extra.notes };
}
