import { type CsvRow, readCsv } from '../input/csv';
import type { Refuse } from '../input/input-file-error';
import { readInstant } from '../input/instant';
import { quote } from '../input/quote';
import { namedIn } from './labels';
import { howToExport, howToExportWhole, type SeriesColumn, type SeriesFile } from './model';

/** What the console writes above the data points: a row per property, a column per metric. */
const consoleRows = ['id', 'statuscode', 'messages', 'full label', 'label', 'period', 'region', 'account'];
const missing = new Set(['', 'nan', 'null', 'na', 'n/a', 'none']);
const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

interface Head {
  form: 'csv' | 'console';
  /** The cells above the columns, by row name; plain CSV has only the header. */
  rows: Map<string, CsvRow>;
  /** The number of records above the data points. */
  length: number;
}

/**
 * Reads CSV with a header (`timestamp` and one or more columns of values), or a download from CloudWatch's console, which
 * has rows of ids, status and labels above the data points.
 * @throws the error from `refuse` for the first invalid line
 */
export function seriesOfCsv(text: string, refuse: Refuse): Omit<SeriesFile, 'file'> {
  const rows = readCsv(text, refuse);
  if (rows.length === 0) throw refuse(1, 1, 'the file is empty', { howTo: howToExport });
  const head = headOf(rows, refuse);
  const width = rows[0]!.cells.length;
  const data = rows.slice(head.length);
  if (data.length === 0) throw refuse(rows.at(-1)!.line, 1, 'there are no data points below the header');
  const times = data.map(({ cells, line }) => timeIn(cells, line, width, refuse));
  const columns = Array.from({ length: width - 1 }, (_, i) => columnOf(head, i + 1, data, times, refuse));
  const isConsole = head.form === 'console';
  const zone = isConsole && data.every(({ cells }) => !/(Z|UTC|[+-]\d{2}:?\d{2})$/i.test(cells[0]!.trim()));
  return {
    form: head.form,
    columns,
    written: { header: headerOf(head, columns), rows: data.map(({ cells }) => cells) },
    remarks: [
      ...(isConsole ? statusRemarks(head, refuse) : []),
      ...(zone ? ['times are read as UTC; the console uses the time zone of its settings'] : []),
    ],
  };
}

/** The header of the rows as written: that of plain CSV, or the labels of the console's columns. */
const headerOf = ({ form, rows }: Head, columns: readonly SeriesColumn[]): string[] =>
  form === 'csv' ? rows.get('label')!.cells : ['timestamp', ...columns.map(({ label }) => label)];

const nameOf = ({ cells }: CsvRow) => cells[0]!.trim().toLowerCase();

function headOf(rows: readonly CsvRow[], refuse: Refuse): Head {
  const [first] = rows as [CsvRow, ...CsvRow[]];
  const name = nameOf(first);
  const width = first.cells.length;
  if (name === 'timestamp') {
    if (width < 2) throw refuse(first.line, 1, 'there is no column of values', { howTo: howToExport });
    return { form: 'csv', rows: new Map([['label', first]]), length: 1 };
  }
  if (!['id', 'full label', 'label'].includes(name)) {
    const what = `expected a header that starts with timestamp, found ${quote(first.cells[0])}`;
    throw refuse(first.line, 1, what, { howTo: howToExport });
  }
  const found = rows.findIndex((row) => !consoleRows.includes(nameOf(row)));
  const length = found < 0 ? rows.length : found;
  const head = rows.slice(0, length);
  for (const { cells, line } of head) checkWidth(cells, line, width, refuse);
  if (width < 2) throw refuse(first.line, 1, 'there is no column of values', { howTo: howToExport });
  return { form: 'console', rows: new Map(head.map((row) => [nameOf(row), row])), length };
}

function checkWidth(cells: readonly string[], line: number, width: number, refuse: Refuse): void {
  if (cells.length === width) return;
  throw refuse(line, Math.min(cells.length, width), `expected ${width} columns, found ${cells.length}`);
}

function timeIn(cells: readonly string[], line: number, width: number, refuse: Refuse): number {
  checkWidth(cells, line, width, refuse);
  const { at, why } = readInstant(cells[0]!);
  if (why !== undefined) throw refuse(line, 1, `timestamp ${quote(cells[0])} ${why}`);
  return at;
}

function columnOf(
  { rows }: Head,
  index: number,
  data: readonly CsvRow[],
  times: number[],
  refuse: Refuse,
): SeriesColumn {
  const cell = (name: string) => rows.get(name)?.cells[index]?.trim() ?? '';
  const names = [cell('label'), cell('full label'), cell('id')].filter((name) => name !== '');
  const [label = `column ${index + 1}`, ...otherNames] = names;
  const headLine = [...rows.values()][0]!.line;
  return {
    label,
    otherNames,
    ...namedIn(...names),
    times,
    values: data.map(({ cells, line }) => valueIn(cells[index]!, label, line, index + 1, refuse)),
    refuse: (what, at, more) => refuse(at === undefined ? headLine : data[at]!.line, index + 1, what, more),
  };
}

function valueIn(cell: string, label: string, line: number, column: number, refuse: Refuse): number {
  const text = cell.trim();
  if (missing.has(text.toLowerCase())) return Number.NaN;
  const value = numberPattern.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw refuse(line, column, `${label}: ${quote(cell)} is not a number`);
}

/** What CloudWatch says about its own response. */
function statusRemarks({ rows }: Head, refuse: Refuse): string[] {
  const status = rows.get('statuscode');
  const bad = status?.cells.findIndex((cell, i) => i > 0 && /^(InternalError|Forbidden)$/i.test(cell.trim())) ?? -1;
  if (status && bad > 0)
    throw refuse(status.line, bad + 1, `CloudWatch did not return the data (${status.cells[bad]!.trim()})`);
  const isCut = status?.cells.some((cell) => /^PartialData$/i.test(cell.trim())) ?? false;
  const messages =
    rows
      .get('messages')
      ?.cells.slice(1)
      .map((cell) => cell.trim()) ?? [];
  return [
    ...(isCut ? [`the export was cut (PartialData): ${howToExportWhole}`] : []),
    ...messages.filter(Boolean).map((message) => `CloudWatch says: ${message}`),
  ];
}
