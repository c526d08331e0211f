import type { Refuse } from '../input/input-file-error';
import { JsonText } from '../input/json';
import { readText } from '../input/read-text';
import { seriesOfCsv } from './csv';
import { seriesOfMetricData } from './metric-data';
import { seriesOfMetricStatistics } from './metric-statistics';
import { seriesOfMetricStream } from './metric-stream';
import { howToExport, SeriesError, type SeriesFile } from './model';
import { checkSpan } from './span';

/** Reads series from a file in any known format. @throws SeriesError with file, line and what to do */
export async function readSeries(file: string): Promise<SeriesFile> {
  return parseSeries(await readText(file, SeriesError), file);
}

/** Like `readSeries`, for text in memory. */
export function parseSeries(text: string, file: string): SeriesFile {
  const refuse: Refuse = (line, column, what, more) => new SeriesError({ file, line, column }, what, more);
  const series = { file, ...parse(text, refuse) };
  if (series.columns.every(({ values }) => values.length === 0))
    throw refuse(1, 1, 'has no data points', { howTo: 'Check the metric, the instance and the period of the export' });
  for (const column of series.columns) checkSpan(column);
  return series;
}

function parse(text: string, refuse: Refuse): Omit<SeriesFile, 'file'> {
  if (!/^\s*[[{]/.test(text)) return seriesOfCsv(text, refuse);
  if (isMetricStream(text)) return seriesOfMetricStream(text, refuse);
  const json = new JsonText(text, refuse);
  const has = (key: string) => typeof json.value === 'object' && json.value !== null && key in json.value;
  if (has('MetricDataResults')) return seriesOfMetricData(json);
  if (has('Datapoints')) return seriesOfMetricStatistics(json);
  const [what, howTo] = otherDocument(json.value);
  throw json.refuse([], what, { howTo });
}

/** A metric stream has one object per line, even if other things are wrong with it. */
function isMetricStream(text: string): boolean {
  return /^\{.*"metric_name"\s*:/.test(text.trimStart().split('\n', 1)[0]!);
}

function otherDocument(value: unknown): [what: string, howTo: string] {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  const has = (key: string) => typeof one === 'object' && one !== null && key in one;
  if (has('metric_name')) {
    const command = Array.isArray(value) ? "jq -c '.[]' FILE" : 'jq -c . FILE';
    return ['is a metric stream, but not with one object per line', `Convert it: ${command}`];
  }
  if (has('events')) return ['is an execution history of Step Functions', 'Pass it to --history'];
  if (has('Items')) return ['is a scan of a DynamoDB table', 'Pass it to npm run review, with --records'];
  return ['is JSON in another format', howToExport];
}
