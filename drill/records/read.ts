import { z } from 'zod';
import { recordVersion, upgradeRecord } from '../../functions/record/record-version';
import { type ReviewRecord, reviewRecordSchema } from '../../functions/review/record';
import type { AlarmSeries } from '../../functions/review/replay';
import { PlaybookError } from '../../functions/shared/errors';
import { InputFileError, type Refuse } from '../input/input-file-error';
import { readInstant } from '../input/instant';
import { type JsonPath, JsonText } from '../input/json';
import { quote } from '../input/quote';
import { readText } from '../input/read-text';
import { plural } from '../report/words';
import { isTyped, untyped } from './dynamodb-json';
import { recordedSeriesSchema } from './series';

/** A file of incident records cannot be used; the message begins with file, line and column and ends with what to do. */
export class RecordsError extends InputFileError {}

/** The content of a file of records: closed incidents and, to try thresholds, their alarms' metrics. */
export interface Recorded {
  records: ReviewRecord[];
  series: AlarmSeries[];
  /** What was left out, and whether the export is truncated. */
  remarks: string[];
}

const howTo =
  'Records are read from what `aws dynamodb scan --table-name TABLE --output json` prints, or from a JSON list of them; see docs/operating.md';

/** Reads incident records from a file. @throws RecordsError with file, line and what to do */
export async function readRecords(file: string): Promise<Recorded> {
  return parseRecords(await readText(file, RecordsError), file);
}

interface Found {
  items: { item: unknown; path: JsonPath }[];
  series: AlarmSeries[];
  isCut: boolean;
}

/** Like `readRecords`, for text in memory. */
export function parseRecords(text: string, file: string): Recorded {
  const refuse: Refuse = (line, column, what, more) => new RecordsError({ file, line, column }, what, more);
  if (text.trim() === '') throw refuse(1, 1, 'the file is empty', { howTo });
  const json = new JsonText(text, refuse);
  const { items, series, isCut } = itemsOf(json);
  const found = items.map(({ item, path }) => ({ fields: fieldsOf(item, path, json), path }));
  const own = found.filter(({ fields }) => isRecord(fields));
  const closed = own.filter(({ fields }) => fields.status !== 'OPEN');
  const records = closed.map(({ fields, path }) => recordOf(fields, path, json));
  const open = own.length - closed.length;
  if (items.length > 0 && own.length === 0) throw json.refuse([], 'has no record of an incident', { howTo });
  return {
    records,
    series,
    remarks: [
      ...(isCut
        ? ['the scan was cut, so incidents are missing: scan again without --max-items and --no-paginate']
        : []),
      ...(open > 0 ? [`left out: ${plural(open, 'incident')} that had not ended yet`] : []),
    ],
  };
}

const token = z.unknown().optional();
const scanSchema = z.object({ Items: z.array(z.unknown()), NextToken: token, LastEvaluatedKey: token });
const keptSchema = z.object({ records: z.array(z.unknown()), series: z.array(recordedSeriesSchema).default([]) });

/** The items of a scan, of a list, or of an object with the records and the alarms' series. */
function itemsOf(json: JsonText): Found {
  const { value } = json;
  const has = (key: string) => typeof value === 'object' && value !== null && key in value;
  if (Array.isArray(value)) return { items: value.map((item, i) => ({ item, path: [i] })), series: [], isCut: false };
  if (has('Items')) {
    const { Items, NextToken, LastEvaluatedKey } = json.read(scanSchema);
    const items = Items.map((item, i) => ({ item, path: ['Items', i] }));
    return { items, series: [], isCut: NextToken != null || LastEvaluatedKey != null };
  }
  if (!has('records')) throw json.refuse([], 'is JSON in another format', { howTo });
  const { records, series } = json.read(keptSchema);
  return { items: records.map((item, i) => ({ item, path: ['records', i] })), series, isCut: false };
}

function fieldsOf(item: unknown, path: JsonPath, json: JsonText): Record<string, unknown> {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    throw json.refuse(path, `expected a record, found ${quote(item)}`);
  try {
    return withoutNulls(isTyped(item) ? untyped(item) : (item as Record<string, unknown>));
  } catch (cause) {
    throw json.refuse(path, 'is not an item in the JSON of DynamoDB', { cause });
  }
}

/** The table also has leases, entries and requests; lists written by tools may omit the keys. */
const isRecord = ({ sk }: Record<string, unknown>) => sk === undefined || sk === 'RECORD';

function recordOf(fields: Record<string, unknown>, path: JsonPath, json: JsonText): ReviewRecord {
  const record = json.read(reviewRecordSchema, upgraded(fields, path, json), path);
  const at = (field: 'openedAt' | 'closedAt') => {
    const { at: instant, why } = readInstant(record[field]);
    if (why !== undefined) throw json.refuse([...path, field], `${quote(record[field])} ${why}`);
    return new Date(instant).toISOString();
  };
  return { ...record, openedAt: at('openedAt'), closedAt: at('closedAt') };
}

/** Tools write null for a missing field. */
const withoutNulls = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

function upgraded(fields: Record<string, unknown>, path: JsonPath, json: JsonText): Record<string, unknown> {
  try {
    return fields.recordVersion === undefined ? fields : upgradeRecord(fields);
  } catch (cause) {
    if (!(cause instanceof PlaybookError)) throw cause;
    const what = `expected a version up to ${recordVersion}, found ${quote(fields.recordVersion)}`;
    throw json.refuse([...path, 'recordVersion'], what, { cause });
  }
}
