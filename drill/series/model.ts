import { InputFileError, type Refusal } from '../input/input-file-error';

/** A series' file cannot be used; the message begins with file, line and column and ends with what to do. */
export class SeriesError extends InputFileError {}

/** The forms in which series come. */
export const seriesForms = {
  csv: 'CSV',
  console: 'CSV of the CloudWatch console',
  'metric-data': 'JSON of get-metric-data',
  'metric-statistics': 'JSON of get-metric-statistics',
  'metric-stream': 'JSON of a metric stream',
} as const;
export type SeriesForm = keyof typeof seriesForms;

/** One column of a CSV file, or one result of a JSON export, as it was given: any order of rows, gaps possible. */
export interface SeriesColumn {
  /** What the file calls it. */
  label: string;
  /** What else it may be meant by: its id, its full label. */
  otherNames: string[];
  /** The EC2 metric that it is, where the file says so. */
  metric?: string;
  /** The instance that it is of, where the file says so. */
  instanceId?: string;
  /** Milliseconds since 1970. */
  times: number[];
  /** `NaN` where the value is missing. */
  values: number[];
  /** The error for one of its data points, at that point's place in the file; for the column itself without an index. */
  refuse(what: string, index?: number, more?: Refusal): InputFileError;
}

/** What a file of series holds. */
export interface SeriesFile {
  file: string;
  form: SeriesForm;
  columns: SeriesColumn[];
  /** A CSV file as it was written: its header, and a row for each data point of every column. */
  written?: { header: string[]; rows: string[][] };
  /** What was odd about it as a whole, and how it was treated. */
  remarks: string[];
}

/** What to do with a file that holds series in no form that is read. */
export const howToExport =
  'Series are read from CSV (timestamp,value with a header, or as the CloudWatch console downloads it), from what `aws cloudwatch get-metric-data` or `get-metric-statistics` prints with --output json, and from metric streams in JSON; see docs/series.md';

/** What to do about an export that holds less than was asked for. */
export const howToExportWhole = 'export it again without --max-items, --starting-token and --no-paginate';
