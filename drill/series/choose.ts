import { quote } from '../input/quote';
import type { MetricNaming } from './metric-naming';
import { SeriesError, type SeriesFile } from './model';
import { type NamedSeries, nameSeries, remarksOnNamed } from './naming';

/** The series of a drill: one instance, one series per metric. */
export interface ChosenSeries {
  file: string;
  series: NamedSeries[];
  /** Whether the command line names a metric: then it must not be ignored silently. */
  isAsked: boolean;
  remarks: string[];
}

/**
 * Chooses the columns of a file for a drill: those that the command line names, otherwise those of the metric that it
 * names, otherwise all.
 * @throws SeriesError if nothing is left, or if a metric occurs twice or there are several instances
 */
export function chooseSeries(file: SeriesFile, naming: MetricNaming): ChosenSeries {
  const all = nameSeries(file, naming);
  const named = all.filter(({ column }) =>
    [column.label, ...column.otherNames].some((name) => naming.byName.has(name)),
  );
  const asked = naming.isGiven ? all.filter(({ metric }) => metric === naming.usual) : [];
  const isAsked = naming.isGiven || naming.byName.size > 0;
  const series = named.length > 0 ? named : naming.isGiven ? asked : all;
  const [first] = all;
  if (series.length === 0) {
    const names = all.map(({ column }) => quote(column.label)).join(', ');
    const howTo = `Name the column: --metric COLUMN=${naming.usual}`;
    throw first!.column.refuse(`none of the columns is ${naming.usual}: ${names}`, undefined, { howTo });
  }
  refuseFleet(series);
  const left = all.length - series.length;
  return {
    file: file.file,
    series,
    isAsked,
    remarks: [
      ...file.remarks,
      ...remarksOnNamed(series),
      ...(left > 0 ? [`${left} of ${all.length} series were left out: --metric chose the others`] : []),
    ],
  };
}

function refuseFleet(series: readonly NamedSeries[]): void {
  const instances = new Set(series.map(({ instanceId }) => instanceId));
  const twice = series.find(({ metric }, i) => series.findIndex((one) => one.metric === metric) !== i);
  if (!twice) {
    if (instances.size <= 1) return;
  }
  const { column } = twice ?? series.at(-1)!;
  const what =
    instances.size > 1
      ? `has ${instances.size} instances, and a drill has one`
      : `there are two columns for ${twice!.metric}`;
  const howTo = `Choose one: --metric ${quote(`${column.label}=${twice?.metric ?? series[0]!.metric}`)}; the backtest takes all of them`;
  throw column.refuse(what, undefined, { howTo });
}

/** The period that several series cover. @throws SeriesError if there is no value at all */
export function spanOf({ file, series }: ChosenSeries): { from: number; to: number } {
  const known = series.flatMap(({ times, values }) => times.filter((_, i) => Number.isFinite(values[i])));
  if (known.length === 0) throw new SeriesError({ file, line: 1 }, 'has no data point with a value');
  const times = series.flatMap((one) => [one.times[0]!, one.times.at(-1)!]);
  return { from: Math.min(...times), to: Math.max(...times) };
}
