import { findWrongThreshold } from './alarm-threshold';
import { noveltyGap } from './detectors/novelty-gap';
import { defaultDetector } from './detectors/registry';
import { flag, type ScoreResult } from './flag';
import { type Frame, type MetricSeries, whyUnknown } from './frame';
import { findJoint, type JointDetector } from './joint-finding';
import { kindOf } from './metrics';
import { beyondMiddle, type MetricFinding, scoreMetric, type Where } from './score';
import type { Side } from './side';
import { judgeStatusCheck } from './status-rule';
import { findStretch, type Stretch } from './stretch';
import { waitingOf } from './weigh-length';

/** What is known of the alarm that is judged. */
export interface JudgedAlarm {
  /** The metrics the alarm watches; empty for a manual run. */
  metrics: readonly string[];
  /** The side of its metrics that the alarm is about. */
  side: Side;
  /** The threshold it has crossed, where its words name one. */
  threshold?: number | undefined;
  /** What looks at all metrics together; the default when left out. */
  detector?: JointDetector | undefined;
  /** When it went into ALARM, and the present, in milliseconds since 1970; without them nothing is waited for. */
  firedAt?: number | undefined;
  now?: number | undefined;
  /** When automation acted on the instance before. */
  actedAt?: readonly number[] | undefined;
}

/**
 * Judges an alarm by the metrics of its instance.
 * @param frame the metrics that are scored
 * @param checks the metrics that a plain rule decides, on a clock of their own
 * @param alarm the alarm, or only the names of its metrics
 * @param since the start of the stretch that is judged, in milliseconds since 1970
 * @param side the side of its metrics that the alarm is about, where only names are given
 */
export function judge(
  frame: Frame,
  checks: Frame,
  alarm: readonly string[] | JudgedAlarm,
  since: number,
  side: Side = 'high',
): ScoreResult {
  const asked: JudgedAlarm = 'metrics' in alarm ? alarm : { metrics: alarm, side };
  const from = firstSince(frame, since);
  const checksFrom = firstSince(checks, since);
  const scored = frame.series.filter(({ metric }) => kindOf(metric)?.judgedBy === 'score');
  const known = scored.filter(({ values }) => whyUnknown(values) === undefined);
  const isAlarmed = ({ metric }: MetricSeries) => asked.metrics.includes(metric);
  const own = scored
    .filter(isAlarmed)
    .map((one) => scoreMetric(noveltyGap, frame.times, one, from, { side: asked.side }));
  const where = sharedMoments(scored.filter(isAlarmed), own, from);
  const others = scored.map(
    (one) =>
      own.find(({ metric }) => metric === one.metric) ?? scoreMetric(noveltyGap, frame.times, one, from, { where }),
  );
  return flag({
    alarmed: asked.metrics,
    rules: checks.series.map((series) => judgeStatusCheck(series, checksFrom, checks.times.length)),
    metrics: others,
    joint: known.length < 2 ? undefined : findJoint({ times: frame.times, series: known }, from, where, asked.detector),
    threshold: defaultDetector.threshold,
    wrongThreshold: wrongThresholdOf(frame, asked, from),
    length: {
      stretches: stretchesOf(scored.filter(isAlarmed), own, stepOf(frame)),
      waiting: waitingOf(asked, stepOf(frame)),
    },
  });
}

function stretchesOf(series: readonly MetricSeries[], found: readonly MetricFinding[], stepMs: number): Stretch[] {
  return series.flatMap((one, i) => {
    const { usual } = found[i]!;
    return (usual && findStretch(one, usual.side, stepMs)) ?? [];
  });
}

/** The moments at which every alarmed metric is on the side of its alarm: what is odd then counts, and nothing else. */
function sharedMoments(
  series: readonly MetricSeries[],
  found: readonly MetricFinding[],
  from: number,
): Where | undefined {
  const all = series.flatMap((one, i) => {
    const { usual } = found[i]!;
    return usual ? [beyondMiddle(one, from, usual.side)] : [];
  });
  return all.length === 0 ? undefined : (at) => all.every((where) => where(at));
}

const stepOf = ({ times }: Frame) => (times.length > 1 ? times[1]! - times[0]! : 0);

/** Only of an alarm on one metric it is known what its threshold means. */
function wrongThresholdOf({ times, series }: Frame, { metrics, side, threshold }: JudgedAlarm, from: number) {
  const watched = series.find(({ metric }) => metrics.length === 1 && metric === metrics[0]);
  if (!watched || threshold === undefined || side === 'either') return undefined;
  return findWrongThreshold(times, watched, from, { threshold, side });
}

/** The index of the first point at or after an instant; the length when there is none. */
function firstSince({ times }: Frame, since: number): number {
  const found = times.findIndex((time) => time >= since);
  return found < 0 ? times.length : found;
}
