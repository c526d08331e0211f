import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { InstanceSeries, SeriesSource } from '../../drill/backtest/model';
import type { MetricNaming } from '../../drill/series/metric-naming';
import { type NamedSeries, nameSeries, namesOfFile, remarksOnNamed } from '../../drill/series/naming';
import { readSeries } from '../../drill/series/read';
import { onFile } from './on-file';
import { BacktestError } from './settings';

/** What a folder's series are read from, by the endings of the files. */
const endings = ['.csv', '.json', '.ndjson', '.jsonl'];

/**
 * Series from a file, or from every file of a folder, in any of the forms that series come in. A file is an instance,
 * named after it, unless it says itself that it holds several.
 * @throws BacktestError when there is nothing to read; SeriesError, while reading, with file and line
 */
export async function fromFiles(path: string, naming: MetricNaming): Promise<SeriesSource> {
  const files = await filesOf(path);
  const unused = new Set(naming.byName.keys());
  const source: SeriesSource = {
    what: files.length === 1 ? basename(files[0]!) : `${files.length} files of ${basename(path)}`,
    count: files.length,
    unused: () => [...unused],
    async *read() {
      for (const file of files) {
        const instances = await readFileOf(file, naming, unused);
        source.count += instances.length - 1;
        yield* instances;
      }
    },
  };
  return source;
}

async function filesOf(path: string): Promise<string[]> {
  const inFolder = await onFile(path, 'cannot be read', async () =>
    (await stat(path)).isFile() ? undefined : await readdir(path),
  );
  if (inFolder === undefined) return [path];
  const names = inFolder.filter((name) => endings.includes(extname(name).toLowerCase())).sort();
  if (names.length === 0)
    throw new BacktestError(`${path}: contains no .csv file, and none of ${endings.slice(1).join(', ')}`);
  return names.map((name) => join(path, name));
}

async function readFileOf(file: string, naming: MetricNaming, unused: Set<string>): Promise<InstanceSeries[]> {
  const series = await readSeries(file);
  const names = [...namesOfFile(file), ...series.columns.flatMap(({ label, otherNames }) => [label, ...otherNames])];
  for (const name of names) unused.delete(name);
  const named = nameSeries(series, naming);
  const own = basename(file, extname(file));
  const instances = [...new Set(named.map(({ instanceId }) => instanceId))];
  if (instances.length === 1) return [instanceOf(own, named, series.remarks)];
  // Beside columns of instances, one that is of none cannot be judged with any of them.
  const left = named.filter(({ instanceId }) => instanceId === undefined).length;
  const ofFile = left > 0 ? [`${left} series of ${basename(file)} do not belong to one instance: left out`] : [];
  const remarks = [...series.remarks, ...ofFile];
  const of = (id: string) => named.filter(({ instanceId }) => instanceId === id);
  return instances.flatMap((id) => (id === undefined ? [] : [instanceOf(id, of(id), remarks)]));
}

function instanceOf(name: string, series: readonly NamedSeries[], remarks: readonly string[]): InstanceSeries {
  const twice = series.find(({ metric }, i) => series.findIndex((one) => one.metric === metric) !== i);
  if (twice) throw twice.column.refuse(`there are two columns for ${twice.metric}`);
  return {
    name,
    series: series.map(({ metric, times, values }) => ({ metric, times, values })),
    remarks: [...remarks, ...remarksOnNamed(series)],
  };
}
