import { noveltyGap } from './detectors/novelty-gap';
import { defaultDetector } from './detectors/registry';
import { flag, type ScoreResult } from './flag';
import { type Frame, whyUnknown } from './frame';
import { findJoint } from './joint-finding';
import { kindOf } from './metrics';
import { scoreMetric } from './score';
import type { Side } from './side';
import { judgeStatusCheck } from './status-rule';

/**
 * Judges an alarm by the metrics of its instance.
 * @param frame the metrics that are scored
 * @param checks the metrics that a plain rule decides, on a clock of their own
 * @param alarmed the metrics the alarm watches; empty for a run started by hand
 * @param since the start of the stretch that is judged, in milliseconds since 1970
 * @param side the side of its metrics that the alarm is about
 */
export function judge(
  frame: Frame,
  checks: Frame,
  alarmed: readonly string[],
  since: number,
  side: Side = 'high',
): ScoreResult {
  const from = firstSince(frame, since);
  const checksFrom = firstSince(checks, since);
  const scored = frame.series.filter(({ metric }) => kindOf(metric)?.judgedBy === 'score');
  const known = scored.filter(({ values }) => whyUnknown(values) === undefined);
  return flag({
    alarmed,
    rules: checks.series.map((series) => judgeStatusCheck(series, checksFrom, checks.times.length)),
    metrics: scored.map((series) => scoreMetric(noveltyGap, frame.times, series, from, side)),
    joint: known.length < 2 ? undefined : findJoint({ times: frame.times, series: known }, from),
    threshold: defaultDetector.threshold,
  });
}

/** The index of the first point at or after an instant; the length when there is none. */
function firstSince({ times }: Frame, since: number): number {
  const found = times.findIndex((time) => time >= since);
  return found < 0 ? times.length : found;
}
