import { CsvError, parse } from 'csv-parse/sync';

/** A metrics file: the cells as they were written, and what they mean. */
export interface MetricsFile {
  header: string[];
  rows: string[][];
  times: Float64Array;
  /** One array a value column; `NaN` where a cell says that the value is missing. */
  columns: Float64Array[];
}

/** A metrics file that cannot be read; the message names file and line. */
export class MetricsFileError extends Error {
  constructor(file: string, line: number, message: string, options?: ErrorOptions) {
    super(`${file}, line ${line}: ${message}`, options);
    this.name = 'MetricsFileError';
  }
}

const missing = new Set(['', 'nan', 'null', 'na']);

/**
 * Reads `timestamp,value` (or several value columns) with a header line. Times without a zone are UTC.
 * @param file only for messages
 * @throws MetricsFileError
 */
export function readMetrics(text: string, file: string): MetricsFile {
  const records = readRecords(text, file);
  const [first, ...rest] = records;
  if (!first) throw new MetricsFileError(file, 1, 'the file is empty; expected a header such as timestamp,value');
  const header = first.record;
  if (header[0]?.trim().toLowerCase() !== 'timestamp' || header.length < 2) {
    throw new MetricsFileError(
      file,
      first.line,
      'expected a header that starts with timestamp, then one or more value columns',
    );
  }
  const times = new Float64Array(rest.length);
  const columns = header.slice(1).map(() => new Float64Array(rest.length));
  rest.forEach(({ record, line }, row) => {
    if (record.length !== header.length) {
      throw new MetricsFileError(file, line, `expected ${header.length} columns, found ${record.length}`);
    }
    times[row] = readTime(record[0]!, file, line);
    columns.forEach((column, i) => {
      column[row] = readValue(record[i + 1]!, header[i + 1]!, file, line);
    });
  });
  return { header, rows: rest.map(({ record }) => record), times, columns };
}

function readRecords(text: string, file: string): { record: string[]; line: number }[] {
  const options = { bom: true, relax_column_count: true, skip_empty_lines: true, info: true } as const;
  try {
    const parsed = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    return parsed.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new MetricsFileError(file, Number(error.lines ?? 1), error.message, { cause: error });
  }
}

const timePattern = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

function readTime(cell: string, file: string, line: number): number {
  const text = cell.trim();
  const match = timePattern.exec(text);
  const time = match ? Date.parse(`${text.replace(' ', 'T')}${match[3] ? '' : 'Z'}`) : Number.NaN;
  if (Number.isNaN(time))
    throw new MetricsFileError(file, line, `timestamp ${quote(cell)} is not like 2014-02-14 14:30:00`);
  return time;
}

function readValue(cell: string, column: string, file: string, line: number): number {
  const text = cell.trim();
  if (missing.has(text.toLowerCase())) return Number.NaN;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw new MetricsFileError(file, line, `${column} ${quote(cell)} is not a number`);
  return value;
}

/** A cell in an error message: short, and without control characters. */
const quote = (cell: string) => JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
