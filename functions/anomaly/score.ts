import type { Detector, Evidence, Scoring } from './detectors/detector';
import { type MetricSeries, whyUnknown } from './frame';
import { formatValue } from './metrics';
import { finiteOf, quantile } from './quantile';
import type { Side } from './side';
import { extremeOf, highest, type Usual, usualness } from './usual';

/** The oddest recent point by one detector. */
export interface Finding {
  detector: string;
  score: number;
  threshold: number;
  evidence: Evidence;
  /** How far above the highest earlier score, as a share of that one's distance from the median; of all metrics together only. */
  beyond?: number;
}

export type { Usual } from './usual';

/** What is known of one metric: its oddest recent point and how usual its recent extreme is, or why nothing is known. */
export interface MetricFinding {
  metric: string;
  unknown?: string;
  finding?: Finding;
  usual?: Usual;
  /** The oddest recent point that is higher than the normal, of a metric that is higher than ever before. */
  high?: Finding;
  /** The highest recent value relative to the highest one before; infinite when all before were 0. */
  surge?: number;
}

/** Which recent points may be the evidence: all of them when left out. */
export type Where = (at: number) => boolean;

/** The oddest point from `from` (in) to the end, among those asked for; undefined when all scores there are unknown. */
export function oddest(
  name: string,
  threshold: number,
  scoring: Scoring,
  from: number,
  where?: Where,
): Finding | undefined {
  const { scores, explain } = scoring;
  let at = -1;
  for (let i = from; i < scores.length; i++) {
    if (!Number.isNaN(scores[i]) && (where?.(i) ?? true) && (at < 0 || scores[i]! > scores[at]!)) at = i;
  }
  const evidence = at < 0 ? undefined : explain(at);
  return evidence && { detector: name, score: scores[at]!, threshold, evidence };
}

/** A value is far out when it lies farther than nineteen in twenty of the earlier ones. */
const FAR_OUT = 0.95;

/** What an alarm asks about a metric that it watches, or whose company is asked for. */
export interface Asked {
  /** The side the alarm is about: only what lies to it counts. Left out for a metric that the alarm does not watch. */
  side?: Side | undefined;
  /** The recent points that may count; all of them when left out. */
  where?: Where | undefined;
}

/**
 * Looks at one metric from `from` (in) to the end, against everything before. Of a metric with a side, a point counts
 * only if a view finds it odd on that side and the value itself lies beyond the middle of the past: after a dip,
 * the rise back to where it always was is no trouble.
 */
export function scoreMetric(
  { name, threshold, score }: Detector,
  times: Float64Array,
  series: MetricSeries,
  from: number,
  asked: Side | Asked = {},
): MetricFinding {
  const { side, where } = typeof asked === 'string' ? { side: asked, where: undefined } : asked;
  const { metric, values } = series;
  const unknown = whyUnknown(values) ?? whyUnseen(values, from);
  if (unknown) return { metric, unknown };
  const scoring = score({ times, series: [series] }, from);
  const anywhere = oddest(name, threshold, scoring, from);
  if (!anywhere) return { metric, unknown: 'no recent data point could be scored' };
  const past = finiteOf(values, 0, from);
  const usual = usualness(times, values, from, extremeOf(past, finiteOf(values, from), side ?? 'high'));
  const surge = highest(finiteOf(values, from)) / highest(past);
  // Only a metric that surges is asked what is high about it.
  const high = surge > 1 ? oddest(name, threshold, scoring.towards?.('high') ?? scoring, from) : undefined;
  if (side === undefined) {
    // Odd at another moment than the alarm's: said, but no reason to act.
    const finding = oddest(name, threshold, scoring, from, where) ?? { ...anywhere, score: 0 };
    return { metric, finding, usual, surge, ...(high ? { high } : {}) };
  }
  const isBeyond = beyondMiddle(series, from, usual.side);
  const isFarOut = beyond(series, from, usual.side, FAR_OUT);
  const sided = oddest(name, threshold, scoring.towards?.(usual.side, isFarOut) ?? scoring, from, isBeyond);
  return {
    metric,
    finding: sided ?? notOut(name, threshold, metric, usual, past),
    usual,
    surge,
    ...(high ? { high } : {}),
  };
}

/** Where a metric lies on one side of the middle of its values before `from`. */
export const beyondMiddle = (series: MetricSeries, from: number, side: 'high' | 'low'): Where =>
  beyond(series, from, side, 0.5);

/** Where a metric lies farther to one side than a share of its values before `from`. */
function beyond({ values }: MetricSeries, from: number, side: 'high' | 'low', share: number): Where {
  const edge = quantile(finiteOf(values, 0, from), side === 'high' ? share : 1 - share);
  return (at) => (side === 'high' ? values[at]! > edge : values[at]! < edge);
}

function notOut(
  detector: string,
  threshold: number,
  metric: string,
  { extreme, side }: Usual,
  past: Float64Array,
): Finding {
  const middle = quantile(past, 0.5);
  const sentence = `${metric} ${formatValue(extreme, metric)} is not ${side}: half of the earlier data points are ${side}er than ${formatValue(middle, metric)}`;
  return {
    detector,
    score: 0,
    threshold,
    evidence: { metric, view: 'value', value: extreme, nearestNormal: middle, sentence },
  };
}

function whyUnseen(values: Float64Array, from: number): string | undefined {
  if (finiteOf(values, from).length === 0) return 'there are no recent data points';
  if (finiteOf(values, 0, from).length === 0) return 'there are no data points before the recent ones';
  return undefined;
}
