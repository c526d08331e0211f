import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { type AgentMetric, byInstance } from '../enrolment/agent-metric';
import { hashOf } from '../enrolment/alarm-kinds';
import { listSets, toMetrics } from '../enrolment/metric-sets';
import { oneLine } from '../shared/plain-text';
import { type CollectRequest, collectSets, type RawSeries } from './collect';
import { whyUnknown } from './frame';
import { agentMetricKinds } from './metrics';

interface Alarmed {
  alarmName?: string | undefined;
  metricNames: readonly string[];
}

export interface AgentSeries {
  series: RawSeries[];
  /** The metrics that the alarm watches, by their series: a metric without one keeps its name, and is unknown. */
  alarmed: string[];
}

/** Series of the agent beside those that are alarmed: more do not say more, and each costs time. */
const mostContext = 6;

/**
 * Reads what the CloudWatch agent sends of an instance, if anything: the alarmed metrics, and those that say something of
 * other alarms. ListMetrics gives the exact dimensions, without which there are no data points.
 * Source: CloudWatch API reference, ListMetrics, GetMetricData.
 * @throws whatever the SDK client throws
 */
export async function collectAgent(
  client: Pick<CloudWatchClient, 'send'>,
  request: Omit<CollectRequest, 'metrics'>,
  alarm: Alarmed = { metricNames: [] },
): Promise<AgentSeries> {
  const listed = toMetrics(await listSets(client, { Namespace: 'CWAgent' }, request.instanceId), agentMetricKinds);
  const metrics = byInstance(listed).get(request.instanceId) ?? [];
  const own = alarmedOf(metrics, alarm);
  const names = new Set(own.map(({ metricName }) => metricName));
  const context = metrics.filter((one) => !own.includes(one) && agentMetricKinds[one.metricName]?.isContext);
  const read = [...own, ...context.slice(0, mostContext)];
  const alarmed = [...alarm.metricNames.filter((name) => !names.has(name)), ...own.map(labelOf)];
  if (read.length === 0) return { series: [], alarmed };
  const series = await collectSets(client, read.map(toSet), request);
  const isAlarmed = new Set(alarmed);
  // What never changes, such as the number of processes, says nothing of another metric's alarm.
  const known = series.filter((one) => isAlarmed.has(one.metric) || !whyUnknown(Float64Array.from(one.values)));
  return { series: known, alarmed };
}

/** An enrolled alarm names the dimensions of its metric; any other one on a metric stands for all of that name. */
function alarmedOf(metrics: readonly AgentMetric[], { alarmName = '', metricNames }: Alarmed): AgentMetric[] {
  const named = metrics.filter(({ metricName }) => metricNames.includes(metricName));
  const exact = named.filter(({ dimensions }) => alarmName.includes(`-${hashOf(dimensions)}-`));
  return exact.length > 0 ? exact : named;
}

/** The name of a process comes from outside, and may be a whole command line. */
const labelOf = ({ metricName, of }: AgentMetric): string =>
  of ? `${metricName} of ${oneLine(of).slice(0, 60)}` : metricName;

function toSet(metric: AgentMetric) {
  const { metricName: MetricName, dimensions: Dimensions } = metric;
  const { statistic } = agentMetricKinds[MetricName]!;
  return { label: labelOf(metric), statistic, metric: { Namespace: 'CWAgent', MetricName, Dimensions } };
}
