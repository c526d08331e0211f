import { InputFileError, type Refusal } from '../input/input-file-error';

/** A file of series cannot be used; the message begins with file, line and column and ends with what to do. */
export class SeriesError extends InputFileError {}

/** The formats of series. */
export const seriesForms = {
  csv: 'CSV',
  console: 'CSV from the CloudWatch console',
  'metric-data': 'JSON from get-metric-data',
  'metric-statistics': 'JSON from get-metric-statistics',
  'metric-stream': 'JSON from a metric stream',
} as const;
export type SeriesForm = keyof typeof seriesForms;

/** One column of a CSV file, or one result of a JSON export, as given: rows in any order, possibly with gaps. */
export interface SeriesColumn {
  /** Its name in the file. */
  label: string;
  /** Other names for it: its id, its full label. */
  otherNames: string[];
  /** Its EC2 metric, if the file says so. */
  metric?: string;
  /** Its instance, if the file says so. */
  instanceId?: string;
  /** Milliseconds since 1970. */
  times: number[];
  /** `NaN` where the value is missing. */
  values: number[];
  /** The error for one of its data points, with its place in the file; without an index, for the column itself. */
  refuse(what: string, index?: number, more?: Refusal): InputFileError;
}

/** The content of a file of series. */
export interface SeriesFile {
  file: string;
  form: SeriesForm;
  columns: SeriesColumn[];
  /** A CSV file as written: its header, and a row for each data point of every column. */
  written?: { header: string[]; rows: string[][] };
  /** Irregularities of the whole file, and how they were handled. */
  remarks: string[];
}

/** What to do if a file has no known format. */
export const howToExport =
  'Series are read from CSV (timestamp,value with a header, or as the CloudWatch console downloads it), from what `aws cloudwatch get-metric-data` or `get-metric-statistics` prints with --output json, and from metric streams in JSON; see docs/series.md';

/** What to do if an export is not complete. */
export const howToExportWhole = 'export it again without --max-items, --starting-token and --no-paginate';
