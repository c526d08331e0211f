import { readFile } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';
import { PlaybookError } from '../../functions/shared/errors';

/** A series' file is wrong; the message begins with file, line and column. */
export class SeriesError extends PlaybookError {}

/** A recorded CloudWatch series: times in milliseconds since 1970, UTC, strictly rising. What is missing is left out. */
export interface RecordedSeries {
  file: string;
  points: { timestamp: Date; value: number }[];
}

interface Row {
  record: string[];
  info: { lines: number };
}

const columns = { timestamp: 1, value: 2 } as const;

/**
 * Reads a series of `timestamp,value` rows, with a header. Timestamps are UTC unless they say otherwise.
 * An empty value, or NaN, is a data point that is missing; gaps are kept as gaps.
 * @throws SeriesError with line and column of what is wrong: no header, no number, no time, times that do not rise
 */
export function parseSeries(text: string, file: string): RecordedSeries {
  const [header, ...rows] = readRows(text, file);
  if (!header) throw new SeriesError(`${file}:1:1: the file is empty; timestamp,value is expected`);
  if (header.record.map((name) => name.trim()).join() !== 'timestamp,value') {
    throw new SeriesError(`${file}:1:1: the header must be timestamp,value`);
  }
  const points = rows.flatMap((row) => readPoint(row, file) ?? []);
  for (const [index, { timestamp }] of points.entries()) {
    const before = points[index - 1]?.timestamp;
    if (before === undefined || before < timestamp) continue;
    const what = before.getTime() === timestamp.getTime() ? 'the same time stands twice' : 'times must rise';
    throw new SeriesError(
      `${file}:${rows[index]!.info.lines}:${columns.timestamp}: ${what} (${timestamp.toISOString()})`,
    );
  }
  const [first] = points;
  if (!first) throw new SeriesError(`${file}:2:1: there is no data point`);
  return { file, points: points.filter(({ value }) => Number.isFinite(value)) };
}

/** Reads a series from a file. @throws SeriesError when it cannot be read or is wrong */
export async function readSeries(file: string): Promise<RecordedSeries> {
  try {
    return parseSeries(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof SeriesError) throw error;
    throw new SeriesError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

function readRows(text: string, file: string): Row[] {
  try {
    return parse(text, { info: true, bom: true, skip_empty_lines: true, relax_column_count: true }) as unknown as Row[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new SeriesError(`${file}:${error.lines ?? 1}:${Number(error.column ?? 0) + 1}: ${error.message}`, {
      cause: error,
    });
  }
}

function readPoint({ record, info }: Row, file: string): { timestamp: Date; value: number } {
  const at = (column: keyof typeof columns) => `${file}:${info.lines}:${columns[column]}`;
  const [time = '', value] = record;
  if (record.length !== 2) throw new SeriesError(`${at('value')}: two columns are expected, ${record.length} found`);
  const timestamp = new Date(/[zZ]|[+-]\d{2}:?\d{2}$/.test(time) ? time : `${time.trim().replace(' ', 'T')}Z`);
  if (Number.isNaN(timestamp.getTime()))
    throw new SeriesError(`${at('timestamp')}: ${JSON.stringify(time.slice(0, 40))} is no time`);
  const text = (value ?? '').trim();
  if (text === '' || text.toLowerCase() === 'nan') return { timestamp, value: Number.NaN };
  const number = Number(text);
  if (!Number.isFinite(number))
    throw new SeriesError(`${at('value')}: ${JSON.stringify(text.slice(0, 40))} is no number`);
  return { timestamp, value: number };
}
