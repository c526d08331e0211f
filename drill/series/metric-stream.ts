import { z } from 'zod';
import { kindOf } from '../../functions/anomaly/metrics';
import type { Refuse } from '../input/input-file-error';
import { JsonText } from '../input/json';
import type { SeriesColumn, SeriesFile } from './model';
import { timeOf } from './points';

/** One data point. Source: CloudWatch user guide, "CloudWatch metric stream output in JSON format". */
const pointSchema = z.object({
  namespace: z.string(),
  metric_name: z.string(),
  dimensions: z.record(z.string(), z.string()),
  timestamp: z.unknown(),
  value: z.object({
    count: z.number().nonnegative(),
    sum: z.number(),
    max: z.number(),
    min: z.number(),
  }),
});
type Point = z.output<typeof pointSchema>;

interface Found {
  column: Omit<SeriesColumn, 'refuse'>;
  /** The place of each data point: its line, and the error for it. */
  at: SeriesColumn['refuse'][];
}

/**
 * Reads the JSON of a metric stream: one object per line, each a data point of one metric, in any order. Metrics of EC2
 * instances are called by their names; all others keep their namespace and dimensions.
 * @throws the error from `refuse` for the first invalid line
 */
export function seriesOfMetricStream(text: string, refuse: Refuse): Omit<SeriesFile, 'file'> {
  const found = new Map<string, Found>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const json = new JsonText(line, refuse, i + 1);
    const point = json.read(pointSchema);
    const known = knownAs(point, found);
    known.column.times.push(timeOf(point.timestamp, ['timestamp'], json));
    known.column.values.push(statisticOf(point));
    known.at.push((what, _index, more) => json.refuse(['value'], what, more));
  }
  const columns = [...found.values()].map(
    ({ column, at }): SeriesColumn => ({ ...column, refuse: (what, index = 0, more) => at[index]!(what, index, more) }),
  );
  return { form: 'metric-stream', columns, remarks: [] };
}

function knownAs({ namespace, metric_name: name, dimensions }: Point, found: Map<string, Found>): Found {
  const entries = Object.entries(dimensions).sort(([a], [b]) => a.localeCompare(b));
  const key = JSON.stringify([namespace, name, entries]);
  const known = found.get(key);
  if (known) return known;
  const { InstanceId: instanceId } = dimensions;
  const isOfInstance = namespace === 'AWS/EC2' && entries.length === 1 && instanceId !== undefined;
  const label = isOfInstance
    ? `${instanceId} ${name}`
    : `${namespace} ${name} ${entries.map(([dimension, value]) => `${dimension}=${value}`).join(' ')}`.trim();
  const named = isOfInstance ? { metric: name, instanceId } : {};
  const made = { column: { label, otherNames: [], ...named, times: [], values: [] }, at: [] };
  found.set(key, made);
  return made;
}

/** The metric's usual statistic, from those that a stream always sends. */
function statisticOf({ metric_name, value: { count, sum, max } }: Point): number {
  if (count === 0) return Number.NaN;
  const statistic = kindOf(metric_name)?.statistic ?? 'Average';
  return { Average: sum / count, Sum: sum, Maximum: max }[statistic];
}
