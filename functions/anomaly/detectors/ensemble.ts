import { DEFAULT_THRESHOLD } from '../threshold';
import type { Detector } from './detector';
import { isolationForest } from './isolation-forest';
import { largestOf, noveltyGap } from './novelty-gap';

/** The default: the novelty gap of every metric, and for several metrics the forest over all of them together. */
export const ensemble: Detector = {
  name: 'ensemble',
  threshold: DEFAULT_THRESHOLD,
  score(frame) {
    const alone = noveltyGap.score(frame);
    if (frame.series.length < 2) return alone;
    const joint = isolationForest.score(frame);
    return largestOf([alone, { ...joint, scores: joint.scores.map(toEnsembleScale) }], frame.times.length);
  },
};

/** Puts the forest's threshold where the ensemble's is; both ends of the scale stay where they are. */
function toEnsembleScale(score: number): number {
  const { threshold } = isolationForest;
  if (score <= threshold) return (score / threshold) * DEFAULT_THRESHOLD;
  return DEFAULT_THRESHOLD + ((score - threshold) / (1 - threshold)) * (1 - DEFAULT_THRESHOLD);
}
