import { cloudWatch } from '../shared/clients/cloudwatch';
import type { AgentMetric } from './agent-metric';
import { agentKinds } from './alarm-kinds';
import { listSets, toMetrics } from './metric-sets';

/**
 * The agent's metrics on which enrolment puts alarms, of one instance or of all: those that were sent within three hours.
 * Source: CloudWatch API reference, ListMetrics; CloudWatch user guide, "Metrics collected by the CloudWatch agent".
 */
export async function listAgentMetrics(instanceId?: string): Promise<AgentMetric[]> {
  const found: AgentMetric[] = [];
  for (const { agent, properties } of agentKinds) {
    const { Namespace, MetricName } = properties;
    const sets = await listSets(cloudWatch, { Namespace, MetricName }, instanceId);
    found.push(...toMetrics(sets, { [MetricName]: agent! }));
  }
  return found;
}
