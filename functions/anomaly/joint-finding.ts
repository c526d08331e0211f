import { explainJoint } from './detectors/joint';
import { featuresOf, rowsOf } from './features';
import { scoreRows } from './forest/forest';
import type { Frame } from './frame';
import { quantile } from './quantile';
import type { Finding, Where } from './score';
import { train } from './train';

const TREES = 100;
const SEED = 1;

/** Points in a row that have to be odd together: one odd row in a hundred is what the threshold lets pass. */
const POINTS_IN_A_ROW = 3;

/**
 * All metrics together: a forest trained once on the points before `from`, and its oddest lasting stretch after.
 * @param where the points that may count: where the alarmed metric is on the side of its alarm
 * @returns undefined when the past is too short or no recent point has every metric
 */
export function findJoint(frame: Frame, from: number, where: Where = () => true): Finding | undefined {
  const features = featuresOf(frame);
  const model = train(frame, { seed: SEED, trees: TREES, from: 0, to: from }, features);
  const recent = rowsOf(features, from, frame.times.length);
  if (!model || recent.at.length < POINTS_IN_A_ROW) return undefined;
  const lasting = lastingScores(scoreRows(model.forest, recent.matrix));
  const lastOf = (stretch: number) => recent.at[stretch + POINTS_IN_A_ROW - 1]!;
  const best = lasting.reduce((top, score, at) => (where(lastOf(at)) && !(score <= lasting[top]!) ? at : top), -1);
  const evidence = best < 0 ? undefined : explainJoint(frame, lastOf(best));
  if (!evidence) return undefined;
  const score = lasting[best]!;
  const beyond = beyondPast(score, lastingScores(model.forest.trainingScores));
  return { detector: 'isolation-forest', score, threshold: model.threshold, evidence, beyond };
}

/** For each stretch of points in a row the score that all of them reach. */
function lastingScores(scores: Float64Array): Float64Array {
  const stretches = Math.max(0, scores.length - POINTS_IN_A_ROW + 1);
  return Float64Array.from({ length: stretches }, (_, at) => Math.min(...scores.subarray(at, at + POINTS_IN_A_ROW)));
}

function beyondPast(score: number, past: Float64Array): number {
  const highest = past.reduce((most, one) => Math.max(most, one), 0);
  return (score - highest) / (highest - quantile(past, 0.5) || Number.EPSILON);
}
