import type { MetricTransformation } from '@aws-sdk/client-cloudwatch-logs';
import { UnmodelledInputError } from '../errors';
import type { Filter } from './pattern';
import { refused } from './refused';

const mostDimensions = 3;

/**
 * The one transformation of a metric filter: three dimensions at most, of JSON and space-delimited patterns alone, and never
 * with a default value.
 * Source: CloudWatch Logs API reference, PutMetricFilter, MetricTransformation.
 * @throws InvalidParameterException, UnmodelledInputError
 */
export function checkTransformations(
  transformations: readonly MetricTransformation[],
  kind: Filter['kind'],
): MetricTransformation {
  const [only] = transformations;
  if (!only || transformations.length > 1) throw wrong('A filter has exactly one metric transformation.');
  const { metricName = '', metricNamespace = '', metricValue = '', defaultValue, dimensions = {} } = only;
  if (!/^[^:*$]{1,255}$/.test(metricName) || !/^[^:*$]{1,255}$/.test(metricNamespace))
    throw wrong('The metric needs a name and a namespace without ":", "*" and "$".');
  if (metricNamespace.startsWith('AWS/')) throw wrong('The namespace AWS/ is reserved.');
  if (!/^[+-]?\d+(\.\d+)?$/.test(metricValue) && !metricValue.startsWith('$'))
    throw wrong('The metric value is a number, or a field of the line.');
  if (metricValue.startsWith('$') && kind === 'text') throw wrong('A pattern of terms has no fields.');
  const names = Object.keys(dimensions);
  if (names.length > mostDimensions) throw wrong(`A metric has ${mostDimensions} dimensions at most.`);
  if (names.length > 0 && kind === 'text') throw wrong('A pattern of terms has no fields for dimensions.');
  if (names.length > 0 && defaultValue !== undefined) throw wrong('Dimensions and a default value exclude each other.');
  if (names.length > 0) throw new UnmodelledInputError('Dimensions of a metric filter are not modelled.');
  return only;
}

const wrong = (message: string) => refused('InvalidParameterException', message);
