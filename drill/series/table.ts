import type { Frame } from '../../functions/anomaly/frame';
import { inOrder } from './in-order';
import type { SeriesFile } from './model';

/** Series as rows: as written, and in chronological order. */
export interface SeriesTable {
  header: string[];
  /** The cells of each row as written; for JSON, as they would be. */
  rows: string[][];
  /** In ascending order of time, each time once, with `NaN` for missing values. */
  frame: Frame;
  /** For each row, the index of its time in the frame. */
  at: number[];
}

/** Aligns the columns of a file. If several rows have the same time, the last one counts, for all columns. Pure. */
export function tableOf(series: SeriesFile): SeriesTable {
  const { header, rows, times, columns } = series.written ? asWritten(series) : joined(series);
  const sorted = inOrder(times, times);
  const indexes = new Map(sorted.times.map((time, index) => [time, index]));
  return {
    header,
    rows,
    at: times.map((time) => indexes.get(time)!),
    frame: {
      times: Float64Array.from(sorted.times),
      series: series.columns.map(({ label }, i) => ({
        metric: label,
        values: Float64Array.from(inOrder(times, columns[i]!).values),
      })),
    },
  };
}

interface Rows {
  header: string[];
  rows: string[][];
  times: readonly number[];
  columns: readonly (readonly number[])[];
}

const asWritten = ({ columns, written }: SeriesFile): Rows => ({
  ...written!,
  times: columns[0]!.times,
  columns: columns.map(({ values }) => values),
});

/** Results in JSON have their own times: there is a row for each time of any of them. */
function joined({ columns }: SeriesFile): Rows {
  const times = [...new Set(columns.flatMap((column) => column.times))].sort((a, b) => a - b);
  const indexes = new Map(times.map((time, i) => [time, i]));
  const values = columns.map((column) => {
    const own = new Array<number>(times.length).fill(Number.NaN);
    for (const [i, time] of column.times.entries()) own[indexes.get(time)!] = column.values[i]!;
    return own;
  });
  const text = (value: number) => (Number.isNaN(value) ? '' : String(value));
  return {
    header: ['timestamp', ...columns.map(({ label }) => label)],
    rows: times.map((time, row) => [new Date(time).toISOString(), ...values.map((own) => text(own[row]!))]),
    times,
    columns: values,
  };
}
