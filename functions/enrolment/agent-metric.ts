/** A dimension of a metric, as CloudWatch has it. */
export interface Dimension {
  Name: string | undefined;
  Value: string | undefined;
}

/** A metric that the CloudWatch agent sends of an instance, with the exact dimensions that an alarm on it needs. */
export interface AgentMetric {
  instanceId: string;
  metricName: string;
  dimensions: Dimension[];
}

/** More disks of an instance than this are no longer ordinary. */
const mostOfOne = 10;

/** The metrics by instance, at most ten of each. */
export function byInstance(metrics: readonly AgentMetric[]): Map<string, AgentMetric[]> {
  const found = new Map<string, AgentMetric[]>();
  for (const metric of metrics) {
    const own = found.get(metric.instanceId) ?? [];
    if (own.length < mostOfOne) found.set(metric.instanceId, [...own, metric]);
  }
  return found;
}
