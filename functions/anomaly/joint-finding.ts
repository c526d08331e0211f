import { explainJoint } from './detectors/joint';
import { featuresOf, rowsOf } from './features';
import { scoreRows } from './forest/forest';
import type { Frame } from './frame';
import type { Finding } from './score';
import { train } from './train';

const TREES = 100;
const SEED = 1;

/** Points in a row that have to be odd together: one odd row in a hundred is what the threshold lets pass. */
const POINTS_IN_A_ROW = 3;

/**
 * All metrics together: a forest trained once on the points before `from`, and its oddest lasting stretch after.
 * @returns undefined when the past is too short or no recent point has every metric
 */
export function findJoint(frame: Frame, from: number): Finding | undefined {
  const features = featuresOf(frame);
  const model = train(frame, { seed: SEED, trees: TREES, from: 0, to: from }, features);
  const recent = rowsOf(features, from, frame.times.length);
  if (!model || recent.at.length < POINTS_IN_A_ROW) return undefined;
  const scores = scoreRows(model.forest, recent.matrix);
  let best = POINTS_IN_A_ROW - 1;
  const lasting = (row: number) => Math.min(...scores.slice(row - POINTS_IN_A_ROW + 1, row + 1));
  for (let row = best; row < scores.length; row++) if (lasting(row) > lasting(best)) best = row;
  const evidence = explainJoint(frame, recent.at[best]!);
  return evidence && { detector: 'isolation-forest', score: lasting(best), threshold: model.threshold, evidence };
}
