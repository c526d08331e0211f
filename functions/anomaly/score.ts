import type { Detector, Evidence } from './detectors/detector';
import { type Frame, type MetricSeries, whyUnknown } from './frame';
import type { Side } from './side';
import { DAY_MS } from './views';

/** The oddest recent point by one detector. */
export interface Finding {
  detector: string;
  score: number;
  threshold: number;
  evidence: Evidence;
  /** How far above the highest earlier score, as a share of that one's distance from the median; of all metrics together only. */
  beyond?: number;
}

/** What is known of one metric: its oddest recent point and how usual its recent extreme is, or why nothing is known. */
export interface MetricFinding {
  metric: string;
  unknown?: string;
  finding?: Finding;
  usual?: Usual;
  /** The highest recent value relative to the highest one before; infinite when all before were 0. */
  surge?: number;
}

/** On how many earlier days the metric was at least as far out as its recent extreme. */
export interface Usual {
  extreme: number;
  side: 'high' | 'low';
  days: number;
  of: number;
}

/** The oddest point from `from` (in) to the end; undefined when all scores there are unknown. */
export function oddest(detector: Detector, frame: Frame, from: number): Finding | undefined {
  const { scores, explain } = detector.score(frame);
  let at = -1;
  for (let i = from; i < scores.length; i++) {
    if (!Number.isNaN(scores[i]) && (at < 0 || scores[i]! > scores[at]!)) at = i;
  }
  const evidence = at < 0 ? undefined : explain(at);
  if (!evidence) return undefined;
  return { detector: detector.name, score: scores[at]!, threshold: detector.threshold, evidence };
}

/** Looks at one metric from `from` (in) to the end, against everything before; `side` is the one that the alarm is about. */
export function scoreMetric(
  detector: Detector,
  times: Float64Array,
  series: MetricSeries,
  from: number,
  side: Side = 'high',
): MetricFinding {
  const { metric, values } = series;
  const unknown = whyUnknown(values) ?? whyUnseen(values, from);
  if (unknown) return { metric, unknown };
  const finding = oddest(detector, { times, series: [series] }, from);
  if (!finding) return { metric, unknown: 'no recent data point could be scored' };
  const past = values.slice(0, from).filter(Number.isFinite);
  const recent = values.slice(from).filter(Number.isFinite);
  return { metric, finding, usual: usualness(times, values, from, side), surge: highest(recent) / highest(past) };
}

function whyUnseen(values: Float64Array, from: number): string | undefined {
  if (!values.slice(from).some(Number.isFinite)) return 'there are no recent data points';
  if (!values.slice(0, from).some(Number.isFinite)) return 'there are no data points before the recent ones';
  return undefined;
}

const highest = (numbers: Float64Array) => numbers.reduce((best, one) => Math.max(best, one), Number.NEGATIVE_INFINITY);

/** Compares the recent extreme on the alarm's side with those of each earlier day. */
function usualness(times: Float64Array, values: Float64Array, from: number, side: Side): Usual {
  const extreme = extremeOf(values, from, side);
  const days = new Map<number, boolean>();
  for (let i = 0; i < from; i++) {
    if (!Number.isFinite(values[i])) continue;
    const day = Math.ceil((times[from]! - times[i]!) / DAY_MS);
    const reaches = extreme.side === 'high' ? values[i]! >= extreme.extreme : values[i]! <= extreme.extreme;
    days.set(day, (days.get(day) ?? false) || reaches);
  }
  return { ...extreme, days: [...days.values()].filter(Boolean).length, of: days.size };
}

/** The highest or the lowest recent value; for either side the one farther from the middle of the past. */
function extremeOf(values: Float64Array, from: number, side: Side): Pick<Usual, 'extreme' | 'side'> {
  const recent = values.slice(from).filter(Number.isFinite);
  const high = highest(recent);
  const low = -highest(recent.map((value) => -value));
  const past = values.slice(0, from).filter(Number.isFinite).sort();
  const middle = past[past.length >> 1]!;
  const isHigh = side === 'high' || (side === 'either' && high - middle >= middle - low);
  return isHigh ? { extreme: high, side: 'high' } : { extreme: low, side: 'low' };
}
