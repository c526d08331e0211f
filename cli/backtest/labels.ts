import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { Band } from '../../drill/report/chart';
import { BacktestError } from './settings';

/** Labelled windows by instance name. */
export type Labels = ReadonlyMap<string, Band[]>;

const time = z
  .string()
  .transform((text) =>
    Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/.test(text.trim()) ? text.trim() : `${text.trim().replace(' ', 'T')}Z`),
  )
  .refine(Number.isFinite, 'is not a time like 2026-03-02 09:00:00');
const windowSchema = z.object({ from: time, to: time }).refine(({ from, to }) => from <= to, 'ends before it starts');
const jsonSchema = z.record(z.string(), z.array(z.tuple([time, time]).transform(([from, to]) => ({ from, to }))));

/** `cpu.csv` and `cpu` are the same instance. */
const nameOf = (text: string) =>
  text
    .trim()
    .replace(/^.*\//, '')
    .replace(/\.csv$/, '');

/**
 * Reads labels: CSV with `instance,start,end`, or JSON in the Numenta benchmark's format (`{"name": [["start", "end"]]}`).
 * Times without a time zone are UTC.
 * @throws BacktestError naming file, line and field
 */
export function parseLabels(text: string, file: string): Labels {
  if (text.trim() === '') throw new BacktestError(`${file}: the file is empty`);
  return /^\s*\{/.test(text) ? fromJson(text, file) : fromCsv(text, file);
}

function fromJson(text: string, file: string): Labels {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new BacktestError(`${file}: not valid JSON: ${(cause as Error).message}`, { cause });
  }
  const parsed = jsonSchema.safeParse(document);
  if (parsed.success) return new Map(Object.entries(parsed.data).map(([name, windows]) => [nameOf(name), windows]));
  const { path, message } = parsed.error.issues[0]!;
  throw new BacktestError(`${file}: ${path.join('.') || 'the document'}: ${message}`, { cause: parsed.error });
}

function fromCsv(text: string, file: string): Labels {
  let rows: { record: Record<string, string>; info: { lines: number } }[];
  try {
    rows = parse(text, { columns: true, bom: true, skip_empty_lines: true, trim: true, info: true }) as never;
  } catch (cause) {
    throw new BacktestError(`${file}: ${(cause as Error).message}`, { cause });
  }
  const labels = new Map<string, Band[]>();
  for (const { record, info } of rows) {
    const { instance, start, end } = record;
    if (!instance || start === undefined || end === undefined)
      throw new BacktestError(`${file}, line ${info.lines}: expected the columns instance,start,end`);
    const parsed = windowSchema.safeParse({ from: start, to: end });
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0]!;
      const field = { from: 'start', to: 'end' }[String(path[0])] ?? 'the window';
      throw new BacktestError(`${file}, line ${info.lines}: ${field} ${message}`);
    }
    const name = nameOf(instance);
    labels.set(name, [...(labels.get(name) ?? []), parsed.data]);
  }
  if (labels.size === 0) throw new BacktestError(`${file}: contains no labels`);
  return labels;
}
