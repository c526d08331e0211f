import { basename, extname } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { metricNames } from '../../functions/anomaly/metrics';
import { quote } from '../input/quote';
import { inOrder, type Ordered, remarksOn } from './in-order';
import type { SeriesColumn, SeriesFile } from './model';
import { checkValues } from './plausible';

/** Which metric is which, as the command line says it. */
export interface MetricNaming {
  /** What a column is that does not say so itself. */
  usual: string;
  /** Whether somebody said so, or it is only the default. */
  isGiven: boolean;
  /** Metrics by the label of a column, by its id or by the name of a file. */
  byName: ReadonlyMap<string, string>;
}

/** The metric that most alarms are about. */
export const usualMetric = 'CPUUtilization';
export const noNaming: MetricNaming = { usual: usualMetric, isGiven: false, byName: new Map() };

/** One more `--metric`: `NAME`, or `COLUMN=NAME` or `FILE=NAME` for one of several. */
export function withNaming(text: string, before: MetricNaming = noNaming): MetricNaming {
  const at = text.lastIndexOf('=');
  if (at < 0) return { ...before, usual: text.trim(), isGiven: true };
  return { ...before, byName: new Map([...before.byName, [text.slice(0, at).trim(), text.slice(at + 1).trim()]]) };
}

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

/** `: did you mean CPUUtilization?` for a name that is nearly one of those that there are. */
export function didYouMean(name: string, known: readonly string[] = metricNames): string {
  const exact = known.find((one) => one.toLowerCase() === name.toLowerCase());
  const near = exact ?? (known.length > 0 ? closest(name, [...known]) : undefined);
  if (near === undefined || (exact === undefined && distance(name, near) > Math.max(2, name.length / 3))) return '';
  return ` Did you mean ${near}?`;
}
