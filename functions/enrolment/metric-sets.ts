import {
  type CloudWatchClient,
  ListMetricsCommand,
  type ListMetricsCommandOutput,
  type Metric,
} from '@aws-sdk/client-cloudwatch';
import type { AgentMetric, Dimension } from './agent-metric';

/** File systems that are full by nature, or no disk. */
const noDisk = /^(tmpfs|devtmpfs|overlay|squashfs|iso9660|efivarfs|ramfs|nsfs)$/;

/** The sets of dimensions that were sent of one instance, or of all, within three hours. */
export async function listSets(
  client: Pick<CloudWatchClient, 'send'>,
  which: { Namespace: string; MetricName?: string },
  instanceId?: string,
): Promise<Metric[]> {
  const found: Metric[] = [];
  let NextToken: string | undefined;
  do {
    const page: ListMetricsCommandOutput = await client.send(
      new ListMetricsCommand({
        ...which,
        Dimensions: [{ Name: 'InstanceId', ...(instanceId ? { Value: instanceId } : {}) }],
        RecentlyActive: 'PT3H',
        ...(NextToken ? { NextToken } : {}),
      }),
    );
    found.push(...(page.Metrics ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

/** The dimensions with which the agent says what a metric is of: a disk's path, a process by name, command line or file. */
const what = ['path', 'exe', 'pattern', 'pidfile'];

/**
 * Those of some metrics. A set that has been merged over disks or processes says nothing of one of them: it is left out,
 * as is a set of one of them where the metric is the whole instance's, and whatever is no disk by one of its sets.
 * @param kinds by name of the metric, the dimensions that tell several of an instance apart
 */
export function toMetrics(
  sets: readonly Metric[],
  kinds: Readonly<Record<string, { of: readonly string[] }>>,
): AgentMetric[] {
  const metrics = sets.flatMap(({ MetricName = '', Dimensions = [] }) =>
    Object.hasOwn(kinds, MetricName) ? toMetric(MetricName, kinds[MetricName]!, Dimensions) : [],
  );
  const keyOf = ({ instanceId, of }: AgentMetric) => JSON.stringify([instanceId, of]);
  const left = new Set(metrics.filter(isNoDisk).map(keyOf));
  return metrics.filter((metric) => !left.has(keyOf(metric)));
}

const dimensionOf = (dimensions: readonly Dimension[], name: string) =>
  dimensions.find(({ Name }) => Name === name)?.Value;

const isNoDisk = ({ dimensions }: AgentMetric) => noDisk.test(dimensionOf(dimensions, 'fstype') ?? '');

function toMetric(
  metricName: string,
  { of }: { of: readonly string[] },
  dimensions: readonly Dimension[],
): AgentMetric[] {
  const instanceId = dimensionOf(dimensions, 'InstanceId');
  const named = what.filter((name) => dimensionOf(dimensions, name) !== undefined);
  const isOfOne = of.length === 0 ? named.length === 0 : named.some((name) => of.includes(name));
  if (!instanceId || !isOfOne) return [];
  const own = named.map((name) => dimensionOf(dimensions, name)).join(' ');
  return [{ instanceId, metricName, dimensions: sorted(dimensions), of: own }];
}

const sorted = (dimensions: readonly Dimension[]) =>
  [...dimensions].sort((a, b) => (a.Name ?? '').localeCompare(b.Name ?? ''));
