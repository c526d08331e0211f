import { detectors } from '../../functions/anomaly/detectors/registry';
import { ECHO_POINTS, foldEchoes } from '../../functions/anomaly/echo';
import { bestOf, type Judged, judgePoints, type Labelled, nabCurve, probation, scoreAt } from './nab-score';

const WEEK_MS = 7 * 86_400_000;

/** False alerts an instance-week that a person would bear. */
export const budgets = [0.1, 0.25, 0.5, 1] as const;

export interface DetectionRow {
  detector: string;
  best: number;
  bestThreshold: number;
  /** The NAB score at the detector's own default threshold. */
  atDefault: number;
  /** Windows hit within each budget of false alerts, at the best threshold in sample. */
  hits: number[];
  windows: number;
  falseAlertsAWeek: number;
}

/** The detection of one detector on labelled series, in sample but for `atDefault`. */
export function detect(name: string, series: readonly Labelled[]): DetectionRow {
  const detector = detectors.get(name)!;
  const scores = series.map(
    ({ times, values }) => detector.score({ times, series: [{ metric: 'value', values }] }).scores,
  );
  // A state is high as long as its trouble lasts; what NAB judges are alerts.
  const alerts = scores.map((one) => foldEchoes(one, ECHO_POINTS));
  const judged = series.map((one, i) => judgePoints(one, alerts[i]!));
  const windows = series.reduce((sum, one) => sum + one.windows.length, 0);
  const curve = nabCurve(judged.flat(), windows);
  const best = bestOf(curve);
  const weeks = series.reduce((sum, one) => sum + weeksOf(one), 0);
  const alone = series.flatMap((one, i) => judgePoints(one, oneAlertATrouble(scores[i]!)));
  return {
    detector: name,
    best: best.score,
    bestThreshold: best.threshold,
    atDefault: scoreAt(curve, detector.threshold),
    hits: budgets.map((budget) => hitsWithin(alone, Math.floor(budget * weeks))),
    windows,
    falseAlertsAWeek:
      alone.filter(({ score, window }) => window === undefined && score >= detector.threshold).length / weeks,
  };
}

/** The weeks of a series that are scored. */
const weeksOf = ({ times }: Labelled) => (times.at(-1)! - times[probation(times.length)]!) / WEEK_MS;

/** Alerts near a larger one are one alert, for every detector alike. */
const oneAlertATrouble = (scores: Float64Array) => foldEchoes(scores, 72);

/** The most windows that any threshold hits with at most so many false alerts. */
function hitsWithin(points: readonly Judged[], mostFalse: number): number {
  const sorted = [...points].sort(
    (a, b) => b.score - a.score || Number(a.window !== undefined) - Number(b.window !== undefined),
  );
  const hit = new Set<string>();
  let wrong = 0;
  for (const { window, score } of sorted) {
    if (score <= 0) break;
    if (window !== undefined) hit.add(window);
    else wrong++;
    if (wrong > mostFalse) break;
  }
  return hit.size;
}
