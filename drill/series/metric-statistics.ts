import { z } from 'zod';
import { kindOf } from '../../functions/anomaly/metrics';
import type { JsonText } from '../input/json';
import { metricIn } from './labels';
import type { SeriesFile } from './model';
import { columnOfPoints } from './points';

const names = ['Average', 'Sum', 'Maximum', 'Minimum', 'SampleCount'] as const;

/** As much of the answer as is needed. Source: CloudWatch API reference, GetMetricStatistics and Datapoint. */
const answerSchema = z.object({
  Label: z.string().default(''),
  Datapoints: z.array(z.looseObject({ ExtendedStatistics: z.record(z.string(), z.unknown()).nullish() })),
});
type Datapoint = z.output<typeof answerSchema>['Datapoints'][number];

/**
 * Reads what `aws cloudwatch get-metric-statistics` prints, in any order of data points. Of several statistics that of
 * the metric is taken (NetworkIn is summed), else the average.
 * @throws the document's error for the first field that is wrong
 */
export function seriesOfMetricStatistics(json: JsonText): Omit<SeriesFile, 'file'> {
  const { Label, Datapoints } = json.read(answerSchema);
  const given = statisticsOf(Datapoints[0]);
  const wanted: string = kindOf(metricIn(Label) ?? '')?.statistic ?? 'Average';
  const statistic = given.includes(wanted) ? wanted : given[0];
  if (Datapoints.length > 0 && (statistic === undefined || (statistic !== wanted && given.length > 1))) {
    const what = given.length === 0 ? 'holds no statistic' : `holds ${given.join(', ')}, but not ${wanted}`;
    throw json.refuse(['Datapoints', 0], what, { howTo: `Export it with --statistics ${wanted}` });
  }
  const points = Datapoints.map((point, i) => {
    const path = ['Datapoints', i];
    const extended = !names.some((name) => name === statistic);
    return {
      time: point.Timestamp,
      value: extended ? point.ExtendedStatistics?.[statistic ?? ''] : point[statistic ?? ''],
      timePath: [...path, 'Timestamp'],
      valuePath: [...path, ...(extended ? ['ExtendedStatistics'] : []), statistic ?? ''],
    };
  });
  const label = Label || 'a metric without a label';
  return {
    form: 'metric-statistics',
    columns: [columnOfPoints({ label, otherNames: [] }, points, json, ['Label'])],
    remarks: statistic === undefined || statistic === wanted ? [] : [`holds ${statistic}, where ${wanted} is usual`],
  };
}

function statisticsOf(point: Datapoint | undefined): string[] {
  if (!point) return [];
  const extended = Object.keys(point.ExtendedStatistics ?? {});
  return [...names.filter((name) => point[name] !== undefined), ...extended];
}
