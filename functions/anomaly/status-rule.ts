import type { MetricSeries } from './frame';

/** The plain rule's verdict on a metric that is 0 when healthy, such as StatusCheckFailed. */
export interface RuleFinding {
  metric: string;
  verdict: 'failed' | 'passed' | 'unknown';
  /** The highest value in the stretch; null when unknown. */
  value: number | null;
  sentence: string;
}

/**
 * The plain rule for a status check: any value above 0 is a failure, only zeros are a pass, nothing is unknown.
 * A score could not tell: the metric is constant in health, so a forest gives a 1 the same score as a 0.
 */
export function judgeStatusCheck({ metric, values }: MetricSeries, from: number, to: number): RuleFinding {
  const known = values.slice(from, to).filter(Number.isFinite);
  if (known.length === 0)
    return { metric, verdict: 'unknown', value: null, sentence: `${metric} has no recent data points` };
  const failed = known.filter((value) => value > 0).length;
  if (failed > 0) {
    return {
      metric,
      verdict: 'failed',
      value: Math.max(...known),
      sentence: `${metric} failed in ${failed} of the last ${known.length} data points`,
    };
  }
  return {
    metric,
    verdict: 'passed',
    value: 0,
    sentence: `${metric} is 0 in all of the last ${known.length} data points: no check failed`,
  };
}
