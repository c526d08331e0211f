import { CsvError, parse } from 'csv-parse/sync';
import type { Refuse } from './input-file-error';

/** A record of a CSV file, with the line on which it ends. */
export interface CsvRow {
  cells: string[];
  line: number;
}

/**
 * The records of a CSV text, without empty ones. Any line ends are accepted, also mixed.
 * @throws the error from `refuse` for a misplaced quotation mark, or a separator other than the comma
 */
export function readCsv(text: string, refuse: Refuse): CsvRow[] {
  const rows = recordsOf(text, refuse).filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const [first] = rows;
  if (first?.cells.length === 1) {
    const [separator, name] = [
      [';', 'semicolons'],
      ['\t', 'tabs'],
    ].find(([mark]) => first.cells[0]!.includes(mark!)) ?? [undefined, undefined];
    if (separator) {
      const howTo = 'Save it with commas as separators, and points in numbers';
      throw refuse(first.line, 1, `has its columns between ${name}`, { howTo });
    }
  }
  return rows;
}

function recordsOf(text: string, refuse: Refuse): CsvRow[] {
  try {
    const options = { bom: true, relax_column_count: true, info: true, record_delimiter: ['\r\n', '\n', '\r'] };
    const parsed = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    return parsed.map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const what =
      cause.code === 'CSV_QUOTE_NOT_CLOSED'
        ? 'a quotation mark is opened here or before, and never closed'
        : 'a quotation mark stands within a cell that does not begin with one';
    throw refuse(Number(cause.lines ?? 1), Number(cause.column ?? 0) + 1, what, { cause });
  }
}
