import { basename, extname } from 'node:path';
import { quote } from '../input/quote';
import { inOrder, type Ordered, remarksOn } from './in-order';
import type { MetricNaming } from './metric-naming';
import type { SeriesColumn, SeriesFile } from './model';
import { checkValues } from './plausible';

/** A series of one metric, in chronological order. */
export interface NamedSeries extends Ordered {
  metric: string;
  instanceId?: string;
  column: SeriesColumn;
}

/**
 * Determines the metric of each column of a file: from the command line, otherwise from the file, otherwise the default
 * (for a column named `value`, of an instance, or that is the only one), otherwise its label.
 * @throws SeriesError if the command line contradicts the file, or if the metric cannot have such a value
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
        howTo: `If it is, name this column: --metric ${quote(`${label}=${naming.usual}`)}`,
      });
    return metric;
  }
  const isUnnamed = label.toLowerCase() === 'value' || instanceId !== undefined || (isAlone && naming.isGiven);
  return isUnnamed ? (ofFile ?? naming.usual) : label;
}

/** `metrics/web-1.csv` can be given by its name, with or without its extension, or by its path. */
export const namesOfFile = (file: string) => [file, basename(file), basename(file, extname(file))];

/** Irregularities in a file's series, and how they were handled. */
export function remarksOnNamed(series: readonly NamedSeries[]): string[] {
  return remarksOn(series.map((one) => ({ times: one.column.times, ordered: one })));
}
