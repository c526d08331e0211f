import { z } from 'zod';
import { kindOf } from '../../functions/anomaly/metrics';
import type { JsonText } from '../input/json';
import { metricIn } from './labels';
import type { SeriesFile } from './model';
import { columnOfPoints } from './points';

const names = ['Average', 'Sum', 'Maximum', 'Minimum', 'SampleCount'] as const;

/** The part of the response that is needed. Source: CloudWatch API reference, GetMetricStatistics and Datapoint. */
const answerSchema = z.object({
  Label: z.string().default(''),
  Datapoints: z.array(z.looseObject({ ExtendedStatistics: z.record(z.string(), z.unknown()).nullish() })),
});
type Datapoint = z.output<typeof answerSchema>['Datapoints'][number];

/**
 * Reads the output of `aws cloudwatch get-metric-statistics`, with data points in any order. If there are several
 * statistics, the one that suits the metric is used (NetworkIn is summed), otherwise the average.
 * @throws the document's error for the first invalid field
 */
export function seriesOfMetricStatistics(json: JsonText): Omit<SeriesFile, 'file'> {
  const { Label, Datapoints } = json.read(answerSchema);
  const given = statisticsOf(Datapoints[0]);
  const wanted: string = kindOf(metricIn(Label) ?? '')?.statistic ?? 'Average';
  const statistic = given.includes(wanted) ? wanted : given[0];
  if (Datapoints.length > 0 && (statistic === undefined || (statistic !== wanted && given.length > 1))) {
    const what = given.length === 0 ? 'has no statistic' : `has ${given.join(', ')}, but not ${wanted}`;
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
    remarks: statistic === undefined || statistic === wanted ? [] : [`has ${statistic}; ${wanted} is usual`],
  };
}

function statisticsOf(point: Datapoint | undefined): string[] {
  if (!point) return [];
  const extended = Object.keys(point.ExtendedStatistics ?? {});
  return [...names.filter((name) => point[name] !== undefined), ...extended];
}
