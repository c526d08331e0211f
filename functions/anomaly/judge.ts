import { noveltyGap } from './detectors/novelty-gap';
import { defaultDetector } from './detectors/registry';
import { flag, type ScoreResult } from './flag';
import { type Frame, whyUnknown } from './frame';
import { findJoint } from './joint-finding';
import { kindOf } from './metrics';
import { scoreMetric } from './score';
import { judgeStatusCheck } from './status-rule';

/**
 * Judges an alarm by the metrics of its instance.
 * @param alarmed the metrics the alarm watches; empty for a run started by hand
 * @param since the start of the stretch that is judged, in milliseconds since 1970
 */
export function judge(frame: Frame, alarmed: readonly string[], since: number): ScoreResult {
  const firstRecent = frame.times.findIndex((time) => time >= since);
  const from = firstRecent < 0 ? frame.times.length : firstRecent;
  const scored = frame.series.filter(({ metric }) => kindOf(metric)?.judgedBy === 'score');
  const ruled = frame.series.filter(({ metric }) => kindOf(metric)?.judgedBy === 'rule');
  const known = scored.filter(({ values }) => whyUnknown(values) === undefined);
  return flag({
    alarmed,
    rules: ruled.map((series) => judgeStatusCheck(series, from, frame.times.length)),
    metrics: scored.map((series) => scoreMetric(noveltyGap, frame.times, series, from)),
    joint: known.length < 2 ? undefined : findJoint({ times: frame.times, series: known }, from),
    threshold: defaultDetector.threshold,
  });
}
