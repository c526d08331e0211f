import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { InstanceSeries, SeriesSource } from '../../drill/backtest/model';
import { MetricsFileError, readMetrics } from '../../drill/metrics/read-csv';
import { length, plural } from '../../drill/report/words';
import { onFile } from './on-file';
import { BacktestError } from './settings';

/**
 * Series from a CSV file, or from every CSV file in a folder: one file per instance, named after it. Columns are
 * `timestamp` and one per metric; a column `value` is the metric that `valueMetric` names.
 * Rows may be out of order or duplicated (the last one counts); empty cells, NaN and gaps are missing data.
 * @throws BacktestError when there is nothing to read; MetricsFileError, while reading, with file and line
 */
export async function fromFiles(path: string, valueMetric: string): Promise<SeriesSource> {
  const files = await filesOf(path);
  return {
    what: files.length === 1 ? basename(files[0]!) : `${files.length} files of ${basename(path)}`,
    count: files.length,
    async *read() {
      for (const file of files) yield await readFileOf(file, valueMetric);
    },
  };
}

async function filesOf(path: string): Promise<string[]> {
  const inFolder = await onFile(path, 'cannot be read', async () =>
    (await stat(path)).isFile() ? undefined : await readdir(path),
  );
  if (inFolder === undefined) return [path];
  const names = inFolder.filter((name) => name.endsWith('.csv')).sort();
  if (names.length === 0) throw new BacktestError(`${path}: contains no .csv file`);
  return names.map((name) => join(path, name));
}

async function readFileOf(file: string, valueMetric: string): Promise<InstanceSeries> {
  const { header, times, columns } = readMetrics(await readFile(file, 'utf8'), file);
  if (times.length === 0) throw new MetricsFileError(file, 1, 'there are no rows after the header');
  const metrics = header.slice(1).map((name) => (name.trim().toLowerCase() === 'value' ? valueMetric : name.trim()));
  const twice = metrics.find((metric, i) => metrics.indexOf(metric) !== i);
  if (twice !== undefined) throw new MetricsFileError(file, 1, `there are two columns for ${twice}`);
  const order = [...times.keys()].sort((a, b) => times[a]! - times[b]! || a - b);
  const sorted = order.map((row) => times[row]!);
  return {
    name: basename(file).replace(/\.csv$/, ''),
    series: columns.map((column, i) => ({
      metric: metrics[i]!,
      times: sorted,
      values: order.map((row) => column[row]!),
    })),
    remarks: remarksOn(times, sorted, columns),
  };
}

function remarksOn(given: Float64Array, sorted: readonly number[], columns: readonly Float64Array[]): string[] {
  const remarks: string[] = [];
  const backward = given.filter((time, i) => i > 0 && time < given[i - 1]!).length;
  if (backward > 0) remarks.push(`rows were out of order in ${plural(backward, 'place')}: sorted`);
  const twice = sorted.filter((time, i) => i > 0 && time === sorted[i - 1]!).length;
  if (twice > 0) remarks.push(`${plural(twice, 'row')} had a duplicate timestamp: the last row counts`);
  const missing = columns.reduce((sum, column) => sum + column.filter(Number.isNaN).length, 0);
  if (missing > 0) remarks.push(`${plural(missing, 'value')} missing or NaN: treated as missing data`);
  const gaps = gapsOf(sorted);
  if (gaps.length > 0)
    remarks.push(`${plural(gaps.length, 'gap')}, the longest ${length(Math.max(...gaps))}: treated as missing data`);
  return remarks;
}

/** Gaps between rows of more than two usual steps. */
function gapsOf(sorted: readonly number[]): number[] {
  const steps = sorted.slice(1).map((time, i) => time - sorted[i]!);
  const real = steps.filter((step) => step > 0).sort((a, b) => a - b);
  const usual = real[Math.floor(real.length / 2)];
  return usual === undefined ? [] : steps.filter((step) => step > 2 * usual);
}
