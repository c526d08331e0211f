import { ECHO_POINTS, foldEchoes } from '../echo';
import { DEFAULT_THRESHOLD } from '../threshold';
import type { Detector, Scoring } from './detector';
import { isolationForest } from './isolation-forest';
import { largestOf, noveltyGap } from './novelty-gap';

/**
 * The default: the novelty gap of every metric, and for several metrics the forest over all of them together.
 * What follows a larger score within hours is folded into it.
 */
export const ensemble: Detector = {
  name: 'ensemble',
  threshold: DEFAULT_THRESHOLD,
  score(frame) {
    const alone = noveltyGap.score(frame);
    return frame.series.length < 2 ? folded(alone) : folded(largestOf([alone, jointly(frame)], frame.times.length));
  },
};

function jointly(frame: Parameters<Detector['score']>[0]): Scoring {
  const joint = isolationForest.score(frame);
  return { ...joint, scores: joint.scores.map(toEnsembleScale) };
}

const folded = (scoring: Scoring): Scoring => ({ ...scoring, scores: foldEchoes(scoring.scores, ECHO_POINTS) });

/** Puts the forest's threshold where the ensemble's is; both ends of the scale stay where they are. */
function toEnsembleScale(score: number): number {
  const { threshold } = isolationForest;
  if (score <= threshold) return (score / threshold) * DEFAULT_THRESHOLD;
  return DEFAULT_THRESHOLD + ((score - threshold) / (1 - threshold)) * (1 - DEFAULT_THRESHOLD);
}
