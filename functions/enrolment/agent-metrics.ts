import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { cloudWatch } from '../shared/clients/cloudwatch';
import type { AgentMetric, Dimension } from './agent-metric';
import { agentKinds } from './alarm-kinds';

/** File systems that are full by nature, or no disk. */
const noDisk = /^(tmpfs|devtmpfs|overlay|squashfs|iso9660|efivarfs|ramfs|nsfs)$/;

/**
 * The agent's metrics on which enrolment puts alarms, of one instance or of all: those that were sent within three hours.
 * Source: CloudWatch API reference, ListMetrics; CloudWatch user guide, "Metrics collected by the CloudWatch agent".
 */
export async function listAgentMetrics(instanceId?: string): Promise<AgentMetric[]> {
  const found: AgentMetric[] = [];
  for (const { properties } of agentKinds) {
    const { Namespace, MetricName } = properties;
    let NextToken: string | undefined;
    do {
      const page = await cloudWatch.send(
        new ListMetricsCommand({
          Namespace,
          MetricName,
          Dimensions: [{ Name: 'InstanceId', ...(instanceId ? { Value: instanceId } : {}) }],
          RecentlyActive: 'PT3H',
          ...(NextToken ? { NextToken } : {}),
        }),
      );
      found.push(...(page.Metrics ?? []).flatMap(({ Dimensions = [] }) => toMetric(MetricName, Dimensions)));
      NextToken = page.NextToken;
    } while (NextToken);
  }
  return found;
}

/** A set that has been merged over the disks says nothing of one of them, so a disk has its path. */
function toMetric(metricName: string, dimensions: Dimension[]): AgentMetric[] {
  const dimensionOf = (name: string) => dimensions.find(({ Name }) => Name === name)?.Value;
  const instanceId = dimensionOf('InstanceId');
  const isDisk = dimensionOf('path') !== undefined && !noDisk.test(dimensionOf('fstype') ?? '');
  return instanceId && isDisk ? [{ instanceId, metricName, dimensions: sorted(dimensions) }] : [];
}

const sorted = (dimensions: Dimension[]) => [...dimensions].sort((a, b) => (a.Name ?? '').localeCompare(b.Name ?? ''));
