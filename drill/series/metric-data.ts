import { z } from 'zod';
import type { JsonPath, JsonText } from '../input/json';
import { howToExportWhole, type SeriesColumn, type SeriesFile } from './model';
import { columnOfPoints, type JsonPoint } from './points';

const messages = z.array(z.object({ Code: z.string().default(''), Value: z.string().default('') })).nullish();

/** The part of the response that is needed. Source: CloudWatch API reference, GetMetricData and MetricDataResult. */
const answerSchema = z.object({
  MetricDataResults: z.array(
    z.object({
      Id: z.string().default(''),
      Label: z.string().default(''),
      Timestamps: z.array(z.unknown()),
      Values: z.array(z.unknown()),
      StatusCode: z.enum(['Complete', 'PartialData', 'InternalError', 'Forbidden']).optional(),
      Messages: messages,
    }),
  ),
  Messages: messages,
  NextToken: z.string().nullish(),
});
type Result = z.output<typeof answerSchema>['MetricDataResults'][number];

/** Reads the output of `aws cloudwatch get-metric-data`. @throws the document's error for the first invalid field */
export function seriesOfMetricData(json: JsonText): Omit<SeriesFile, 'file'> {
  const { MetricDataResults: results, Messages, NextToken } = json.read(answerSchema);
  const said = [...(Messages ?? []), ...results.flatMap((result) => result.Messages ?? [])];
  const isCut = NextToken != null || results.some(({ StatusCode }) => StatusCode === 'PartialData');
  return {
    form: 'metric-data',
    columns: columnsOf(results, json),
    remarks: [
      ...(isCut
        ? [`the export was cut (${NextToken == null ? 'PartialData' : 'NextToken'}): ${howToExportWhole}`]
        : []),
      ...said.map(({ Code, Value }) => `CloudWatch says: ${[Code, Value].filter(Boolean).join(': ')}`),
    ],
  };
}

/** Results with the same id and label are pages of one response. */
function columnsOf(results: readonly Result[], json: JsonText): SeriesColumn[] {
  const found = new Map<string, { result: Result; points: JsonPoint[]; path: JsonPath }>();
  for (const [i, result] of results.entries()) {
    const path = ['MetricDataResults', i];
    const { Id, Label, StatusCode } = result;
    if (StatusCode === 'InternalError' || StatusCode === 'Forbidden')
      throw json.refuse([...path, 'StatusCode'], `CloudWatch did not return the data (${StatusCode})`);
    const key = JSON.stringify([Id, Label]);
    const known = found.get(key) ?? { result, points: [], path };
    known.points.push(...pointsOf(result, path, json));
    found.set(key, known);
  }
  return [...found.values()].map(({ result: { Id, Label }, points, path }) => {
    const [label = 'a metric without a label', ...otherNames] = [Label, Id].filter(Boolean);
    return columnOfPoints({ label, otherNames }, points, json, path);
  });
}

function pointsOf({ Timestamps, Values }: Result, path: JsonPath, json: JsonText): JsonPoint[] {
  if (Timestamps.length !== Values.length) {
    const what = `has ${Timestamps.length} timestamps and ${Values.length} values`;
    throw json.refuse([...path, 'Values'], what, { howTo: 'Export it again' });
  }
  return Timestamps.map((time, at) => ({
    time,
    value: Values[at],
    timePath: [...path, 'Timestamps', at],
    valuePath: [...path, 'Values', at],
  }));
}
