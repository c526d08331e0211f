/** How a metric's numbers are to be read. */
export interface MetricKind {
  /** The statistic asked of CloudWatch. */
  statistic: 'Average' | 'Sum' | 'Maximum';
  unit: 'percent' | 'bytes' | 'count';
  /** `rule`: constant in health, so a plain rule decides; `score`: scored against its own history. */
  judgedBy: 'score' | 'rule';
}

const scored = (statistic: MetricKind['statistic'], unit: MetricKind['unit']): MetricKind => ({
  statistic,
  unit,
  judgedBy: 'score',
});
const failedChecks: MetricKind = { statistic: 'Maximum', unit: 'count', judgedBy: 'rule' };

/**
 * The EC2 metrics that are collected, by name.
 * Source: EC2 user guide "CloudWatch metrics that are available for your instances"; all are in namespace AWS/EC2.
 */
export const metricKinds = {
  CPUUtilization: scored('Average', 'percent'),
  NetworkIn: scored('Sum', 'bytes'),
  NetworkOut: scored('Sum', 'bytes'),
  NetworkPacketsIn: scored('Sum', 'count'),
  NetworkPacketsOut: scored('Sum', 'count'),
  DiskReadBytes: scored('Sum', 'bytes'),
  DiskWriteBytes: scored('Sum', 'bytes'),
  EBSReadBytes: scored('Sum', 'bytes'),
  EBSWriteBytes: scored('Sum', 'bytes'),
  StatusCheckFailed: failedChecks,
  StatusCheckFailed_Instance: failedChecks,
  StatusCheckFailed_System: failedChecks,
  StatusCheckFailed_AttachedEBS: failedChecks,
} satisfies Record<string, MetricKind>;

export type MetricName = keyof typeof metricKinds;

/** A metric of the CloudWatch agent, which an instance has or has not. */
interface AgentMetricKind extends MetricKind {
  /** The dimensions, any of which tells several of an instance apart; empty for one. */
  of: readonly string[];
  /** Whether it says something of an alarm on another metric: a disk that slowly fills up does not. */
  isContext: boolean;
}

const process = ['exe', 'pattern', 'pidfile'];

/**
 * The metrics of the CloudWatch agent that are scored, in namespace CWAgent.
 * Source: CloudWatch user guide "Metrics collected by the CloudWatch agent", "Collect process metrics with the procstat plugin".
 */
export const agentMetricKinds: Readonly<Record<string, AgentMetricKind>> = {
  mem_used_percent: { ...scored('Average', 'percent'), of: [], isContext: true },
  disk_used_percent: { ...scored('Maximum', 'percent'), of: ['path'], isContext: false },
  procstat_lookup_pid_count: { ...scored('Maximum', 'count'), of: process, isContext: true },
  procstat_cpu_usage: { ...scored('Average', 'percent'), of: process, isContext: true },
  procstat_memory_rss: { ...scored('Average', 'bytes'), of: process, isContext: true },
};

export const metricNames = Object.keys(metricKinds) as MetricName[];

/** The metrics that are scored, or those that a plain rule decides. */
export function namesJudgedBy(judge: MetricKind['judgedBy']): MetricName[] {
  return metricNames.filter((name) => metricKinds[name].judgedBy === judge);
}

/** The kind of a metric; undefined for one that is not collected. @param metric its name, or its label: `disk_used_percent of /` */
export function kindOf(metric: string): MetricKind | undefined {
  if (Object.hasOwn(metricKinds, metric)) return metricKinds[metric as MetricName];
  const [name = ''] = metric.split(' of ', 1);
  return Object.hasOwn(agentMetricKinds, name) ? agentMetricKinds[name] : undefined;
}

/** A value as a person reads it, for example "97 %", "1.2 GB" or "38.4". */
export function formatValue(value: number, metric: string): string {
  const unit = kindOf(metric)?.unit;
  if (unit === 'percent') return `${plain(value)} %`;
  if (unit !== 'bytes') return plain(value);
  const steps = ['B', 'kB', 'MB', 'GB', 'TB'];
  const size = Math.abs(value);
  const step = size < 1 ? 0 : Math.min(steps.length - 1, Math.floor(Math.log10(size) / 3));
  return `${plain(value / 1000 ** step)} ${steps[step]}`;
}

/** How far two values are apart, as a person reads it: of percentages in points, for example "8.94 points". */
export function formatDistance(distance: number, metric: string): string {
  if (kindOf(metric)?.unit !== 'percent') return formatValue(distance, metric);
  const text = plain(distance);
  return `${text} ${text === '1' ? 'point' : 'points'}`;
}

function plain(value: number): string {
  if (value === 0) return '0';
  const digits = Math.abs(value) >= 1000 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return String(Number(value.toFixed(Math.min(digits, 12))));
}
