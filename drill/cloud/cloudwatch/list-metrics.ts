import type { ListMetricsCommandInput, ListMetricsCommandOutput } from '@aws-sdk/client-cloudwatch';
import { serviceError, UnmodelledInputError } from '../errors';
import { type CommandModel, reads } from '../service';
import type { Metrics } from './series';

const recentMs = 3 * 3_600_000;
/** A new metric is listed up to 15 minutes after its first value. Source: CloudWatch API reference, ListMetrics. */
const listedAfterMs = 15 * 60_000;

/**
 * ListMetrics, for metrics that are given to the drill: those that EC2 reports by itself are not listed.
 * Source: CloudWatch API reference, ListMetrics.
 */
export function listMetrics(metrics: Metrics): Record<string, CommandModel> {
  return {
    ListMetrics: reads<ListMetricsCommandInput, ListMetricsCommandOutput>((input) => {
      const { Namespace, MetricName, Dimensions = [], RecentlyActive } = input;
      if (Namespace === undefined)
        throw new UnmodelledInputError('The simulated CloudWatch lists metrics by namespace.');
      if (RecentlyActive !== undefined && RecentlyActive !== 'PT3H')
        throw serviceError('cloudwatch', 'ValidationError', 'RecentlyActive must be PT3H.');
      if (Dimensions.length > 10)
        throw serviceError('cloudwatch', 'ValidationError', 'At most 10 dimensions can be given.');
      const now = Date.now();
      const found = metrics
        .defined()
        .filter((one) => one.namespace === Namespace && (MetricName ?? one.metricName) === one.metricName)
        .filter(({ dimensions }) =>
          Dimensions.every(
            ({ Name = '', Value }) => Name in dimensions && (Value ?? dimensions[Name]) === dimensions[Name],
          ),
        )
        .filter((one) => metrics.hasValue(one, now - recentMs, now - listedAfterMs));
      return {
        Metrics: found.map(({ namespace, metricName, dimensions }) => ({
          Namespace: namespace,
          MetricName: metricName,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        })),
      };
    }),
  };
}
