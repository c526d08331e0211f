import { z } from 'zod';
import { readCsv } from '../../drill/input/csv';
import { InputFileError, type Refuse } from '../../drill/input/input-file-error';
import { readInstant } from '../../drill/input/instant';
import { JsonText } from '../../drill/input/json';
import { quote } from '../../drill/input/quote';
import type { Band } from '../../drill/report/chart';

/** A file of labels cannot be used; the message begins with file, line and column. */
export class LabelsError extends InputFileError {}

/** Labelled windows by instance name. */
export type Labels = ReadonlyMap<string, Band[]>;

const howTo = 'Labels are CSV with instance,start,end, or JSON: {"NAME": [["START", "END"]]}';

const time = z.unknown().transform((value, context) => {
  const { at, why = 'is not a time' } =
    typeof value === 'string' || typeof value === 'number' ? readInstant(value) : {};
  if (at !== undefined) return at;
  context.addIssue({ code: 'custom', message: `${quote(value)} ${why}` });
  return z.NEVER;
});
const windowSchema = z
  .tuple([time, time])
  .transform(([from, to]) => ({ from, to }))
  .refine(({ from, to }) => from <= to, 'the window ends before it starts');
const jsonSchema = z.record(z.string(), z.array(windowSchema));

/** `cpu.csv` and `cpu` are the same instance. */
const nameOf = (text: string) =>
  text
    .trim()
    .replace(/^.*\//, '')
    .replace(/\.csv$/, '');

/**
 * Reads labels: CSV with `instance,start,end`, or JSON in the Numenta benchmark's format (`{"name": [["start", "end"]]}`).
 * Times without a time zone are UTC.
 * @throws LabelsError naming file, line and field
 */
export function parseLabels(text: string, file: string): Labels {
  const refuse: Refuse = (line, column, what, more) => new LabelsError({ file, line, column }, what, more);
  if (text.trim() === '') throw refuse(1, 1, 'the file is empty', { howTo });
  return /^\s*[[{]/.test(text) ? fromJson(new JsonText(text, refuse)) : fromCsv(text, refuse);
}

function fromJson(json: JsonText): Labels {
  return new Map(Object.entries(json.read(jsonSchema)).map(([name, windows]) => [nameOf(name), windows]));
}

const fields = ['instance', 'start', 'end'] as const;

function fromCsv(text: string, refuse: Refuse): Labels {
  const [header, ...rows] = readCsv(text, refuse);
  const names = header!.cells.map((name) => name.trim().toLowerCase());
  const columns = fields.map((name) => names.indexOf(name));
  if (columns.includes(-1)) throw refuse(header!.line, 1, `expected the columns ${fields.join()}`, { howTo });
  const labels = new Map<string, Band[]>();
  for (const { cells, line } of rows) {
    const cell = (field: number) => cells[columns[field]!]?.trim() ?? '';
    const wrong = (field: number, what: string) => refuse(line, columns[field]! + 1, what);
    const instantOf = (field: number) => {
      const { at, why } = readInstant(cell(field));
      if (why !== undefined) throw wrong(field, `${fields[field]} ${quote(cell(field))} ${why}`);
      return at;
    };
    const name = nameOf(cell(0));
    if (name === '') throw wrong(0, 'names no instance');
    const window = { from: instantOf(1), to: instantOf(2) };
    if (window.from > window.to) throw wrong(2, 'the window ends before it starts');
    labels.set(name, [...(labels.get(name) ?? []), window]);
  }
  if (labels.size === 0) throw refuse(1, 1, 'contains no labels', { howTo });
  return labels;
}
