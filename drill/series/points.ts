import { readInstant } from '../input/instant';
import type { JsonPath, JsonText } from '../input/json';
import { quote } from '../input/quote';
import { namedIn } from './labels';
import type { SeriesColumn } from './model';

/** A data point of a JSON export, and its place. */
export interface JsonPoint {
  time: unknown;
  value: unknown;
  timePath: JsonPath;
  valuePath: JsonPath;
}

type Named = Pick<SeriesColumn, 'label' | 'otherNames'> & Partial<Pick<SeriesColumn, 'metric' | 'instanceId'>>;

/** Makes a column from the data points of a JSON export. @throws the document's error for the first invalid time or value */
export function columnOfPoints(
  { label, otherNames, metric, instanceId }: Named,
  points: readonly JsonPoint[],
  json: JsonText,
  path: JsonPath,
): SeriesColumn {
  return {
    label,
    otherNames,
    ...namedIn(label, ...otherNames),
    ...(metric === undefined ? {} : { metric }),
    ...(instanceId === undefined ? {} : { instanceId }),
    times: points.map(({ time, timePath }) => timeOf(time, timePath, json)),
    values: points.map(({ value, valuePath }) => valueAt(value, valuePath, json)),
    refuse: (what, at, more) => json.refuse(at === undefined ? path : points[at]!.valuePath, what, more),
  };
}

export function timeOf(time: unknown, path: JsonPath, json: JsonText): number {
  if (time === undefined) throw json.refuse(path, 'is missing');
  if (typeof time !== 'string' && typeof time !== 'number')
    throw json.refuse(path, `${quote(time)} is not a time like 2026-03-02T09:00:00Z`);
  const { at, why } = readInstant(time);
  if (why !== undefined) throw json.refuse(path, `${quote(time)} ${why}`);
  return at;
}

/** JSON has no NaN: missing values are null. */
function valueAt(value: unknown, path: JsonPath, json: JsonText): number {
  if (value === null) return Number.NaN;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw json.refuse(path, value === undefined ? 'is missing' : `${quote(value)} is not a number`);
}
