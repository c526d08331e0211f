import { noveltyGap } from '../anomaly/detectors/novelty-gap';
import type { Frame } from '../anomaly/frame';
import { kindOf } from '../anomaly/metrics';
import { scoreMetric } from '../anomaly/score';
import { judgeStatusCheck } from '../anomaly/status-rule';
import { forecast } from './forecast';

export type SuspicionKind = 'status-check' | 'anomaly' | 'forecast';

/** A problem of an instance to look at before its alarm fires. */
export interface Suspicion {
  kind: SuspicionKind;
  metric: string;
  /** 0 to 1; a failed check and a forecast weigh more than any score. */
  weight: number;
  sentence: string;
  crossesAt?: number;
}

export interface Patrolled {
  suspicions: Suspicion[];
  /** Metrics that cannot be judged, with the reason: they never count as normal. */
  unknown: string[];
}

/**
 * The anomalies in an instance's metrics since `since`: failed checks, points unlike anything in 14 days, and trends that
 * will cross an alarm's threshold. The most serious comes first. Decides nothing.
 * @param thresholds alarm thresholds by metric, for the forecasts
 */
export function suspect(
  frame: Frame,
  since: number,
  thresholds: Readonly<Record<string, number>>,
  { PATROL_SCORE, PATROL_HORIZON_HOURS }: { PATROL_SCORE: number; PATROL_HORIZON_HOURS: number },
): Patrolled {
  const firstRecent = frame.times.findIndex((time) => time >= since);
  const from = firstRecent < 0 ? frame.times.length : firstRecent;
  const suspicions: Suspicion[] = [];
  const unknown: string[] = [];
  for (const series of frame.series) {
    const { metric, values } = series;
    if (kindOf(metric)?.judgedBy === 'rule') {
      const rule = judgeStatusCheck(series, from, frame.times.length);
      if (rule.verdict === 'failed')
        suspicions.push({ kind: 'status-check', metric, weight: 2, sentence: rule.sentence });
      if (rule.verdict === 'unknown') unknown.push(rule.sentence);
      continue;
    }
    // Every alarm created by enrolment is about high values: a metric with one is suspected only on that side.
    const side = thresholds[metric] === undefined ? undefined : ('high' as const);
    const found = scoreMetric(noveltyGap, frame.times, series, from, { side });
    if (found.unknown) unknown.push(`${metric} is unknown: ${found.unknown}`);
    const { finding } = found;
    if (finding && finding.score >= PATROL_SCORE) {
      const sentence = `${finding.evidence.sentence} (score ${finding.score.toFixed(2)})`;
      suspicions.push({ kind: 'anomaly', metric, weight: finding.score, sentence });
    }
    const threshold = thresholds[metric];
    const trend =
      threshold === undefined
        ? undefined
        : forecast({ metric, times: frame.times, values, threshold, horizonHours: PATROL_HORIZON_HOURS });
    if (trend) suspicions.push({ kind: 'forecast', metric, weight: 1.5, ...trend });
  }
  return { suspicions: suspicions.sort((a, b) => b.weight - a.weight), unknown };
}
