import { explainJoint } from './detectors/joint';
import { scoreWithPackage } from './detectors/ml-isolation-forest';
import { type FeatureRows, featuresOf, rowsOf } from './features';
import { scoreRows, trainForest } from './forest/forest';
import type { Frame } from './frame';
import { defaultJoint, scoreJointly } from './joint-novelty';
import { quantile } from './quantile';
import type { Finding, Where } from './score';
import { CONTAMINATION, DEFAULT_THRESHOLD, LEAST_ROWS } from './threshold';

/** What looks at all metrics together when an alarm is judged. */
export const jointDetectors = ['ensemble', 'novelty-gap', 'isolation-forest', 'ml-isolation-forest'] as const;
export type JointDetector = (typeof jointDetectors)[number];

const TREES = 100;
const SEED = 1;

/** The number of consecutive points that must be unusual together: a forest's threshold flags one row in a hundred by chance. */
const POINTS_IN_A_ROW = 3;

/** Points before the judged ones whose states say what is usual: three days of five-minute points. */
const USUAL_POINTS = 864;

/**
 * All metrics together, from `from` (in) to the end, against the points before.
 * @param where the points that may count: where the alarmed metric is on the side of its alarm
 * @param detector `novelty-gap` looks at each metric alone, so it finds nothing here
 * @returns undefined when the past is too short or no recent point has every metric
 */
export function findJoint(
  frame: Frame,
  from: number,
  where: Where = () => true,
  detector: JointDetector = 'ensemble',
): Finding | undefined {
  if (detector === 'novelty-gap') return undefined;
  return detector === 'ensemble' ? findState(frame, from, where) : findByForest(frame, from, where, detector);
}

/** The oddest state: above the default threshold, and above what it usually is. */
function findState(frame: Frame, from: number, where: Where): Finding | undefined {
  const since = Math.max(0, from - USUAL_POINTS);
  const { scores, explain } = scoreJointly(frame, defaultJoint, since);
  const past = scores.slice(since, from).filter(Number.isFinite);
  if (past.length < LEAST_ROWS) return undefined;
  let best = -1;
  for (let i = from; i < scores.length; i++) {
    if (Number.isFinite(scores[i]) && where(i) && (best < 0 || scores[i]! > scores[best]!)) best = i;
  }
  const evidence = best < 0 ? undefined : explain(best);
  if (!evidence) return undefined;
  const score = scores[best]!;
  const threshold = Math.max(DEFAULT_THRESHOLD, quantile(past, 1 - CONTAMINATION));
  return { detector: 'ensemble', score, threshold, evidence, beyond: beyondPast(score, past) };
}

/** A forest trained once on the points before `from`, and its oddest lasting stretch after. */
function findByForest(
  frame: Frame,
  from: number,
  where: Where,
  detector: 'isolation-forest' | 'ml-isolation-forest',
): Finding | undefined {
  const features = featuresOf(frame);
  const past = rowsOf(features, 0, from);
  const recent = rowsOf(features, from, frame.times.length);
  if (past.matrix.rows < LEAST_ROWS || past.matrix.columns === 0 || recent.at.length < POINTS_IN_A_ROW)
    return undefined;
  const scores = detector === 'isolation-forest' ? byForest(past, recent) : byPackage(past, recent);
  const lasting = lastingScores(scores.recent);
  const lastOf = (stretch: number) => recent.at[stretch + POINTS_IN_A_ROW - 1]!;
  const best = lasting.reduce((top, score, at) => (where(lastOf(at)) && !(score <= lasting[top]!) ? at : top), -1);
  const evidence = best < 0 ? undefined : explainJoint(frame, lastOf(best));
  if (!evidence) return undefined;
  const score = lasting[best]!;
  const threshold = quantile(scores.past, 1 - CONTAMINATION);
  return { detector, score, threshold, evidence, beyond: beyondPast(score, lastingScores(scores.past)) };
}

interface ForestScores {
  past: Float64Array;
  recent: Float64Array;
}

function byForest(past: FeatureRows, recent: FeatureRows): ForestScores {
  const forest = trainForest(past.matrix, { trees: TREES, seed: SEED });
  return { past: forest.trainingScores, recent: scoreRows(forest, recent.matrix) };
}

const byPackage = (past: FeatureRows, recent: FeatureRows): ForestScores => ({
  past: scoreWithPackage(past.matrix, past.matrix),
  recent: scoreWithPackage(past.matrix, recent.matrix),
});

/** For each stretch of points in a row the score that all of them reach. */
function lastingScores(scores: Float64Array): Float64Array {
  const stretches = Math.max(0, scores.length - POINTS_IN_A_ROW + 1);
  return Float64Array.from({ length: stretches }, (_, at) => Math.min(...scores.subarray(at, at + POINTS_IN_A_ROW)));
}

function beyondPast(score: number, past: Float64Array): number {
  const highest = past.reduce((most, one) => Math.max(most, one), 0);
  return (score - highest) / (highest - quantile(past, 0.5) || Number.EPSILON);
}
