/** A dimension of a metric, as CloudWatch has it. */
export interface Dimension {
  Name: string | undefined;
  Value: string | undefined;
}

/** A metric that the CloudWatch agent sends of an instance, with the exact dimensions that an alarm on it needs. */
export interface AgentMetric {
  instanceId: string;
  metricName: string;
  /** Sorted by name. */
  dimensions: Dimension[];
  /** What it is of, where an instance may have several, for example the path of a disk. */
  of?: string | undefined;
}

/** More of one metric of an instance than this are no longer ordinary. */
const mostOfOne = 10;

/**
 * The metrics by instance, at most ten of each. The agent may send the same value with several sets of dimensions
 * (aggregation_dimensions): the smallest is taken, which a new device name or instance type does not change.
 * Source: CloudWatch user guide, "Aggregating or rolling up metrics collected by the CloudWatch agent".
 */
export function byInstance(metrics: readonly AgentMetric[]): Map<string, AgentMetric[]> {
  const smallest = new Map<string, number>();
  const keyOf = ({ instanceId, metricName, of = '' }: AgentMetric) => JSON.stringify([instanceId, metricName, of]);
  for (const metric of metrics)
    smallest.set(keyOf(metric), Math.min(metric.dimensions.length, smallest.get(keyOf(metric)) ?? Number.MAX_VALUE));
  const found = new Map<string, AgentMetric[]>();
  for (const metric of metrics) {
    const own = found.get(metric.instanceId) ?? [];
    const same = own.filter(({ metricName }) => metricName === metric.metricName);
    if (metric.dimensions.length > smallest.get(keyOf(metric))! || same.length >= mostOfOne) continue;
    found.set(metric.instanceId, [...own, metric]);
  }
  return found;
}
