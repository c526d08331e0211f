import { basename, extname } from 'node:path';
import { quote } from '../input/quote';
import { inOrder, type Ordered, remarksOn } from './in-order';
import type { MetricNaming } from './metric-naming';
import type { SeriesColumn, SeriesFile } from './model';
import { checkValues } from './plausible';

/** Series of one metric, in order of time. */
export interface NamedSeries extends Ordered {
  metric: string;
  instanceId?: string;
  column: SeriesColumn;
}

/**
 * Says of each column of a file which metric it is: what the command line says of it, else what the file itself says,
 * else (for a column `value`, of an instance, or that is the only one) the usual one; else its own label.
 * @throws SeriesError when the command line contradicts the file, or a value cannot be of that metric
 */
export function nameSeries(series: SeriesFile, naming: MetricNaming): NamedSeries[] {
  return series.columns.map((column) => {
    const metric = metricOf(column, series, naming);
    checkValues(column, metric);
    const { instanceId } = column;
    return {
      ...inOrder(column.times, column.values),
      metric,
      ...(instanceId === undefined ? {} : { instanceId }),
      column,
    };
  });
}

function metricOf(column: SeriesColumn, { file, columns }: SeriesFile, naming: MetricNaming): string {
  const { label, otherNames, metric, instanceId } = column;
  const own = [label, ...otherNames].map((name) => naming.byName.get(name)).find((name) => name !== undefined);
  const ofFile = namesOfFile(file)
    .map((name) => naming.byName.get(name))
    .find((name) => name !== undefined);
  const said = own ?? ofFile;
  if (said !== undefined && (own !== undefined || columns.length === 1)) return said;
  const isAlone = columns.length === 1;
  if (metric !== undefined) {
    if (isAlone && naming.isGiven && naming.usual !== metric)
      throw column.refuse(`the file says that it is ${metric}, and --metric says ${naming.usual}`, undefined, {
        howTo: `If it is, say so of this column: --metric ${quote(`${label}=${naming.usual}`)}`,
      });
    return metric;
  }
  const isUnnamed = label.toLowerCase() === 'value' || instanceId !== undefined || (isAlone && naming.isGiven);
  return isUnnamed ? (ofFile ?? naming.usual) : label;
}

/** `metrics/web-1.csv` is meant by its name with and without its ending, and by its path. */
export const namesOfFile = (file: string) => [file, basename(file), basename(file, extname(file))];

/** What was odd about the series of a file, and how it was treated. */
export function remarksOnNamed(series: readonly NamedSeries[]): string[] {
  return remarksOn(series.map((one) => ({ times: one.column.times, ordered: one })));
}
